using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Data;

public sealed class CsvDatasetTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("1,2,3\n4,5,6\n")]
    [InlineData("x1,x2,y\n1,2,3\n4,5,6")]
    [InlineData("x1, x2, y\r\n 1 , 2 , 3 \r\n\r\n4,5,6\r\n")]
    [InlineData("\uFEFF\"x1\",\"x2\",\"y\"\n\"1\",2,3\n4,5,6\n\n")]
    [InlineData("1e0,+2.0,3\n4,.5e1,6\n")]
    public void Load_Table_TakesTheLastColumnAsTarget(string text)
    {
        Dataset data = Load(_files.Write("data.csv", text));
        (data.Samples, data.InputDimension).ShouldBe((2, 2));
        data.Inputs.Values.ToArray().ShouldBe([1, 2, 4, 5]);
        data.Targets.Values.ToArray().ShouldBe([3, 6]);
    }

    [Fact]
    public void Load_Compressed_IsTheSame() =>
        Load(_files.Write("data.csv.gz", ImageFiles.Compressed("1,2\n3,4\n"u8.ToArray()))).Targets.Values.ToArray().ShouldBe([2, 4]);

    [Fact]
    public void Load_AnyFiniteNumbers_ComeBackToTheBit()
    {
        Gen<double> number = ArbMap.Default.GeneratorFor<long>().Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite);
        Prop.ForAll(number.ArrayOf(12).ToArbitrary(), values =>
        {
            string text = string.Join('\n', values.Chunk(3).Select(row => string.Join(',', row.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))));
            Dataset data = Load(_files.Write("data.csv", text));
            long[] read = [.. Enumerable.Range(0, 4).SelectMany(k => (double[])[.. data.Inputs.Row(k), data.Targets[k, 0]]).Select(BitConverter.DoubleToInt64Bits)];
            read.ShouldBe(values.Select(BitConverter.DoubleToInt64Bits));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("x,y\n1,2\n\n1,2,3\n", "line 4: 3 columns; 2 expected as in line 1.")]
    [InlineData("1,2,3\n4,5\n", "line 2: 2 columns; 3 expected as in line 1.")]
    [InlineData("1,2\n3,\n", "line 2, column 2: an empty cell; a finite number expected.")]
    [InlineData("1,2\n3,abc\n", "line 2, column 2: 'abc'; a finite number expected.")]
    [InlineData("1,2\nNaN,3\n", "line 2, column 1: 'NaN'; a finite number expected.")]
    [InlineData("1,2\n3,Infinity\n", "line 2, column 2: 'Infinity'; a finite number expected.")]
    [InlineData("1,2\n3,1e999\n", "line 2, column 2: '1e999'; a finite number expected.")]
    [InlineData("x,2\n3,4\n", "line 1, column 1: 'x'; a finite number expected.")]
    [InlineData(",x,y\n0,3,4\n", "line 1, column 1: an empty cell; a finite number expected.")]
    [InlineData("1,2\nx,y\n", "line 2, column 1: 'x'; a finite number expected.")]
    [InlineData("1;2\n3;4\n", "line 1: one column; at least two expected, one input and y.")]
    [InlineData("1\n2\n", "line 1: one column; at least two expected, one input and y.")]
    public void Load_BadLine_NamesLineColumnAndValue(string text, string message) => Told(text).ShouldBe($"{_files["bad.csv"]}, {message}");

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("x,y\n")]
    public void Load_NoNumbers_SaysSo(string text) => Told(text).ShouldBe($"{_files["bad.csv"]}: no line of numbers; one line a sample expected, the last column y.");

    [Fact]
    public void Load_StrayQuote_NamesTheLine() => Told("1,2\n3,\"4\n5,6\n").ShouldStartWith($"{_files["bad.csv"]}, line 2, near byte ");

    [Fact]
    public void Load_LongJunk_IsToldInAShortLine() => Told("1,2\n3," + new string('z', 100_000) + "\n").Length.ShouldBeLessThan(400);

    [Fact]
    public void Load_AnyDamage_IsToldOrHarmless() =>
        Damage.ShouldBeToldOf(Encoding.UTF8.GetBytes("x1,x2,y\n1,2.5,-3e-7\n\"4\",5,6\n7,8,9\n"), damaged => Load(_files.Write("damaged.csv", damaged)));

    [Fact]
    public void Load_AnyDamageOfGzip_IsToldOrHarmless() =>
        Damage.ShouldBeToldOf(ImageFiles.Compressed("x1,x2,y\n1,2.5,-3e-7\n4,5,6\n7,8,9\n"u8.ToArray()), damaged => Load(_files.Write("damaged.csv.gz", damaged)));

    private string Told(string text) => Should.Throw<InputException>(() => Load(_files.Write("bad.csv", text))).Message;

    private static Dataset Load(string path) => DataSource.Load(new DataSpec { Source = "file", Path = path }).Training;
}
