using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Data;

public sealed class NpzDatasetTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Load_VectorTargets_KeepTheirColumns()
    {
        Dataset data = Load(("X", [2, 1], [1, 2]), ("y", [2, 2], [3, 4, 5, 6]));
        (data.Samples, data.InputDimension, data.OutputDimension).ShouldBe((2, 1, 2));
        data.Targets[1, 0].ShouldBe(5);
    }

    [Fact]
    public void Load_FlatTargets_AreOneColumn() => Load(("X", [2, 1], [1, 2]), ("y", [2], [3, 4])).OutputDimension.ShouldBe(1);

    [Fact]
    public void Load_NpzWithoutExtension_IsKnownByItsFirstBytes()
    {
        Load(("X", [1, 1], [1]), ("y", [1], [3]));
        File.Move(_files["data.npz"], _files["data"]);
        DataSource.Load(new DataSpec { Source = "file", Path = _files["data"] }).Training.Targets[0, 0].ShouldBe(3);
    }

    [Fact]
    public void Load_UnknownContent_ShowsTheBytes() =>
        Should.Throw<InputException>(() => DataSource.Load(new DataSpec { Source = "file", Path = _files.Write("data.txt", "hello") })).Message
            .ShouldBe($"{_files["data.txt"]}: begins with the bytes 68656C6C; expected a .npz, .csv, IDX or CIFAR-10 (.bin) file.");

    [Fact]
    public void Load_ArrayMissing_ListsThoseFound() =>
        Told(("x", [1, 1], [1]), ("y", [1], [1])).ShouldBe($"{_files["data.npz"]}: no array 'X'; expected X (n × d) and y (n or n × c), found x, y.");

    [Fact]
    public void Load_RowsThatDiffer_NamesBothShapes() =>
        Told(("X", [2, 1], [1, 2]), ("y", [3], [1, 2, 3])).ShouldStartWith($"{_files["data.npz"]}: X has shape (2, 1) and y (3,); expected (n, d) and (n,) or (n, c)");

    [Fact]
    public void Load_FlatInputs_NamesTheShape() => Told(("X", [2], [1, 2]), ("y", [2], [1, 2])).ShouldEndWith("X has shape (2,); expected (n, d) with one row a sample: for 2 samples of one input save X[:, None], for one sample X[None, :].");

    [Fact]
    public void Load_NoSamples_NamesTheShape() => Told(("X", [0, 3], []), ("y", [0], [])).ShouldContain("X has shape (0, 3)");

    [Fact]
    public void Load_ValueNotFinite_NamesItsPlace()
    {
        Told(("X", [2, 2], [1, 2, 3, double.NaN]), ("y", [2], [1, 2])).ShouldBe($"{_files["data.npz"]}: X[1, 1] is NaN; a finite number expected.");
        Told(("X", [1, 1], [1]), ("y", [1], [double.NegativeInfinity])).ShouldBe($"{_files["data.npz"]}: y[0, 0] is -Infinity; a finite number expected.");
    }

    private string Told(params (string Name, int[] Shape, double[] Values)[] arrays) => Should.Throw<InputException>(() => Load(arrays)).Message;

    private Dataset Load(params (string Name, int[] Shape, double[] Values)[] arrays)
    {
        using (FileStream stream = File.Create(_files["data.npz"]))
        {
            NpzFile.Write(stream, arrays.Select(array => KeyValuePair.Create(array.Name, NpyArray.Of(array.Shape, array.Values))));
        }

        return DataSource.Load(new DataSpec { Source = "file", Path = _files["data.npz"] }).Training;
    }
}
