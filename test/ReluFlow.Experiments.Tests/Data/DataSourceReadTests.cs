using System.IO.Compression;
using System.Text;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Data;

/// <summary>Data from bytes, beside the same bytes in a file.</summary>
public sealed class DataSourceReadTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("train-images-idx3-ubyte", new byte[] { 0, 0, 8, 3, 0, 0, 0, 1 }, "train-images-idx3-ubyte is an IDX file; CSV or NPZ, gzip too, is expected here. IDX needs two files, images and labels: reluflow run reads it by data.path.")]
    [InlineData("labels", new byte[] { 0, 0, 8, 1, 0, 0, 0, 1 }, "labels is an IDX file")]
    [InlineData("data_batch_1.bin", new byte[] { 3, 1, 2 }, "data_batch_1.bin is a CIFAR-10 batch; CSV or NPZ, gzip too, is expected here.")]
    public void Read_FormatOfSeveralFiles_IsRefusedByItsName(string name, byte[] bytes, string why)
    {
        foreach (byte[] content in (byte[][])[bytes, Gzip(bytes)])
        {
            Should.Throw<InputException>(() => DataSource.Read(new MemoryStream(content), name, new DataLimits())).Message.ShouldStartWith(why);
        }
    }

    [Theory]
    [InlineData("data.csv")]
    [InlineData("data.csv.gz")]
    [InlineData("data.npz")]
    public void Read_Bytes_IsWhatTheFileGives(string name)
    {
        byte[] bytes = name switch
        {
            "data.npz" => Npz(3),
            "data.csv" => Encoding.UTF8.GetBytes("a,b,y\n1,2,3\n-4,5e-3,6\n"),
            _ => Gzip(Encoding.UTF8.GetBytes("1,2,3\n-4,5e-3,6\n")),
        };
        Dataset file = DataSource.Load(new DataSpec { Source = "file", Path = _files.Write(name, bytes) }).Training;

        Dataset read = DataSource.Read(new MemoryStream(bytes), name, new DataLimits());

        (read.Name, read.Provenance).ShouldBe((name, file.Provenance));
        read.Inputs.Values.ToArray().ShouldBe(file.Inputs.Values.ToArray());
        read.Targets.Values.ToArray().ShouldBe(file.Targets.Values.ToArray());
    }

    [Fact]
    public void Read_NameThatTellsNoFormat_IsKnownByItsFirstBytes()
    {
        DataSource.Read(new MemoryStream(Npz(2)), "pasted", new DataLimits()).Samples.ShouldBe(2);
        DataSource.Read(new MemoryStream("1,2\n"u8.ToArray()), "pasted", new DataLimits()).Samples.ShouldBe(1);
    }

    [Fact]
    public void Read_NameOfAnExistingFile_IsNotOpened()
    {
        string secret = _files.Write("secret.csv", "7,7\n");
        DataSource.Read(new MemoryStream("1,2\n"u8.ToArray()), secret, new DataLimits()).Inputs[0, 0].ShouldBe(1);
    }

    [Theory]
    [InlineData("data.csv", "data.csv, line 3: more than 5 values so far")]
    [InlineData("data.npz", "data.npz: array 'X': shape (3, 2) has more elements than the 5 allowed")]
    public void Read_MoreNumbersThanAllowed_IsRefused(string name, string why)
    {
        byte[] bytes = name == "data.npz" ? Npz(3) : "1,2\n3,4\n5,6\n"u8.ToArray();
        Should.Throw<InputException>(() => DataSource.Read(new MemoryStream(bytes), name, new DataLimits { Values = 5 })).Message.ShouldContain(why);
    }

    [Fact]
    public void Read_MoreBytesThanAllowedOnceDecompressed_IsRefused()
    {
        byte[] blanks = Gzip([.. "1,2\n"u8, .. Enumerable.Repeat((byte)'\n', 100_000)]);
        blanks.Length.ShouldBeLessThan(1000);
        Should.Throw<InputException>(() => DataSource.Read(new MemoryStream(blanks), "a.csv.gz", new DataLimits { Bytes = 1000 })).Message.ShouldBe("a.csv.gz: more than 1000 bytes; a smaller file expected.");
    }

    [Fact]
    public void Read_DamagedBytes_AreToldOf()
    {
        var limits = new DataLimits { Values = 1000, Bytes = 100_000 };
        Damage.ShouldBeToldOf(Npz(3), bytes => DataSource.Read(new MemoryStream(bytes), "a.npz", limits));
        Damage.ShouldBeToldOf(Gzip("1,2\n3,4\n"u8.ToArray()), bytes => DataSource.Read(new MemoryStream(bytes), "a.csv.gz", limits));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Limits_NotPositive_AreMisuse(long value)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new DataLimits { Values = value });
        Should.Throw<ArgumentOutOfRangeException>(() => new DataLimits { Bytes = value });
    }

    private static byte[] Npz(int samples)
    {
        using var stream = new MemoryStream();
        NpzFile.Write(stream, [new("X", NpyArray.Of([samples, 2], [.. Enumerable.Range(0, 2 * samples).Select(i => i / 3.0)])), new("y", NpyArray.Of([samples], new double[samples]))]);
        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
