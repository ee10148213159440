using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class MatrixTests
{
    private static readonly Matrix Sample = Matrix.FromRows([1, 2, 3], [4, 5, 6]);

    [Fact]
    public void Indexer_EveryElement_IsRowMajor()
    {
        Sample[0, 2].ShouldBe(3);
        Sample[1, 0].ShouldBe(4);
        Sample.Values.ToArray().ShouldBe([1, 2, 3, 4, 5, 6]);
        Sample.Row(1).ToArray().ShouldBe([4, 5, 6]);
    }

    [Fact]
    public void Indexer_ColumnOutside_Throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Sample[0, 3]).Message.ShouldContain("3 columns");
        Should.Throw<ArgumentOutOfRangeException>(() => Sample[0, -1]);
        Should.Throw<IndexOutOfRangeException>(() => Sample[2, 0]);
    }

    [Fact]
    public void FromValues_ArrayChangedLater_KeepsItsValues()
    {
        double[] values = [1, 2];
        Matrix copied = Matrix.FromValues(1, 2, values);
        Matrix taken = Matrix.TakeOwnership(1, 2, values);
        values[0] = 9;
        copied[0, 0].ShouldBe(1);
        taken[0, 0].ShouldBe(9);
    }

    [Fact]
    public void FromValues_WrongCount_NamesBothNumbers() =>
        Should.Throw<ArgumentException>(() => Matrix.FromValues(2, 3, [1, 2, 3])).Message.ShouldContain("3 values given for a 2 × 3 matrix; 6 expected");

    [Fact]
    public void FromValues_ShapeWhoseProductOverflows_Throws() =>
        Should.Throw<ArgumentException>(() => Matrix.FromValues(1 << 16, 1 << 16, []));

    [Fact]
    public void FromRows_RaggedRows_Throws() =>
        Should.Throw<ArgumentException>(() => Matrix.FromRows([1, 2], [3])).Message.ShouldContain("Row 1 has 1 values; row 0 has 2");

    [Fact]
    public void SelectRows_RepeatedAndReordered_FollowsTheList() =>
        Sample.SelectRows([1, 0, 1]).Values.ToArray().ShouldBe([4, 5, 6, 1, 2, 3, 4, 5, 6]);

    [Fact]
    public void WithColumn_One_AppendsTheBias() =>
        Sample.WithColumn(1).Values.ToArray().ShouldBe([1, 2, 3, 1, 4, 5, 6, 1]);

    [Fact]
    public void FromRows_NoRows_IsEmpty()
    {
        Matrix empty = Matrix.FromRows();
        (empty.Rows, empty.Columns, empty.Values.Length).ShouldBe((0, 0, 0));
    }
}
