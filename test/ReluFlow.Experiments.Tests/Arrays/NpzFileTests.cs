using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Experiments.Arrays;

namespace ReluFlow.Experiments.Tests.Arrays;

public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Read_WhatWasWritten_HasTheSameBits()
    {
        Prop.ForAll(RandomArrays(), arrays =>
        {
            byte[] bytes = Written(arrays);
            IReadOnlyDictionary<string, NpyArray> read = NpzFile.Read(new MemoryStream(bytes), "test.npz");
            read.Keys.ShouldBe(arrays.Keys, ignoreOrder: true);
            foreach ((string name, NpyArray array) in arrays)
            {
                read[name].Shape.ShouldBe(array.Shape);
                Bits(read[name].Values).ShouldBe(Bits(array.Values));
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Write_SameArrays_GivesTheSameBytes()
    {
        var arrays = new Dictionary<string, NpyArray> { ["t"] = NpyArray.Of([2], [0, 1]), ["W"] = NpyArray.Of([2, 1, 1], [3, 4]) };
        Written(arrays).ShouldBe(Written(arrays));
    }

    [Fact]
    public void Add_ValuesInPieces_GivesTheBytesOfTheWholeArray()
    {
        double[] values = [.. Enumerable.Range(0, 50_000).Select(i => Math.Sqrt(i))];
        var pieces = new MemoryStream();
        using (var writer = new NpzWriter(pieces))
        {
            writer.Add("W", [500, 100], array =>
            {
                foreach (double[] piece in values.Chunk(100))
                {
                    array.Write(piece);
                }
            });
        }

        pieces.ToArray().ShouldBe(Written(new() { ["W"] = NpyArray.Of([500, 100], values) }));
    }

    [Fact]
    public void Add_WrongNumberOfValues_Throws()
    {
        using var writer = new NpzWriter(new MemoryStream());
        Should.Throw<InvalidOperationException>(() => writer.Add("few", [3], array => array.Write([1, 2]))).Message.ShouldContain("2 values written to an array of 3");
        Should.Throw<InvalidOperationException>(() => writer.Add("many", [1], array => array.Write([1, 2]))).Message.ShouldContain("2 values written to an array of 1");
    }

    [Fact]
    public void Add_NameTwice_Throws()
    {
        using var writer = new NpzWriter(new MemoryStream());
        writer.Add("X", NpyArray.Of([], [1]));
        Should.Throw<ArgumentException>(() => writer.Add("X", NpyArray.Of([], [1]))).Message.ShouldContain("'X'");
    }

    [Fact]
    public void Of_ValuesThatDoNotFit_Throws() =>
        Should.Throw<ArgumentException>(() => NpyArray.Of([2, 3], [1])).Message.ShouldContain("1 values given for the shape (2, 3); 6 expected");

    [Fact]
    public void ToMatrix_OneAndTwoDimensions_AreColumnAndMatrix()
    {
        NpyArray.Of([2], [1, 2]).ToMatrix().Columns.ShouldBe(1);
        NpyArray.Of([1, 2], [1, 2]).ToMatrix()[0, 1].ShouldBe(2);
        Should.Throw<InvalidOperationException>(() => NpyArray.Of([1, 1, 1], [1]).ToMatrix()).Message.ShouldContain("(1, 1, 1)");
    }

    [Fact]
    public void Read_AnyDamage_IsToldOrHarmless()
    {
        byte[] valid = Written(new() { ["X"] = NpyArray.Of([6, 5], [.. Enumerable.Range(0, 30).Select(i => i / 7.0)]), ["y"] = NpyArray.Of([6], [1, 2, 3, 4, 5, 6]) });
        Damage.ShouldBeToldOf(valid, damaged => NpzFile.Read(new MemoryStream(damaged), "test.npz"));
    }

    [Fact]
    public void Read_AnyDamageOfValues_NeverPassesUnnoticed()
    {
        byte[] valid = Written(new() { ["X"] = NpyArray.Of([30], [.. Enumerable.Range(0, 30).Select(i => i / 7.0)]) });
        int values = valid.AsSpan().IndexOf((byte)'\n') + 1;
        Prop.ForAll(Gen.Choose(0, (30 * 8) - 1).Zip(Gen.Choose(1, 255)).ToArbitrary(), change =>
        {
            byte[] damaged = [.. valid];
            damaged[values + change.Item1] ^= (byte)change.Item2;
            Should.Throw<InputException>(() => NpzFile.Read(new MemoryStream(damaged), "test.npz")).Message.ShouldContain("test.npz: array 'X': damaged: CRC-32");
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] Written(Dictionary<string, NpyArray> arrays)
    {
        var stream = new MemoryStream();
        NpzFile.Write(stream, arrays);
        return stream.ToArray();
    }

    private static long[] Bits(double[] values) => Array.ConvertAll(values, BitConverter.DoubleToInt64Bits);

    private static Arbitrary<Dictionary<string, NpyArray>> RandomArrays()
    {
        Gen<double> anyBits = ArbMap.Default.GeneratorFor<long>().Select(BitConverter.Int64BitsToDouble);
        Gen<double> value = Gen.OneOf(anyBits, ArbMap.Default.GeneratorFor<double>());
        Gen<NpyArray> array =
            from shape in Gen.Choose(0, 5).ListOf().Select(lengths => lengths.Take(4).ToArray())
            from values in value.ArrayOf(shape.Aggregate(1, (product, length) => product * length))
            select NpyArray.Of(shape, values);
        return array.NonEmptyListOf().Select(arrays => arrays.Select((item, i) => (item, i)).ToDictionary(pair => $"array {pair.i}", pair => pair.item)).ToArbitrary();
    }
}
