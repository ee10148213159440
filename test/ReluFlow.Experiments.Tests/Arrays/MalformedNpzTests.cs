using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ReluFlow.Experiments.Arrays;

namespace ReluFlow.Experiments.Tests.Arrays;

public sealed class MalformedNpzTests : IDisposable
{
    // What a refusal may allocate: buffers of the platform's zip reader and of the file.
    private const long CheapRefusal = 1 << 20;

    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Read_NoSuchFile_SaysSo() => Told(_files["absent.npz"]).ShouldBe($"{_files["absent.npz"]}: there is no such file.");

    [Fact]
    public void Read_NotAZipFile_SaysSo() => Told(_files.Write("text.npz", "1,2,3\n")).ShouldStartWith($"{_files["text.npz"]}: not a whole NPZ (zip) file");

    [Fact]
    public void Read_EmptyFile_SaysSo() => Told(_files.Write("empty.npz", "")).ShouldContain("empty.npz: the file is empty; an NPZ file");

    [Fact]
    public void Read_ValuesCutOff_NamesArrayAndBytes() =>
        Told(Zip(Npy("(10, 10)", new byte[37]))).ShouldEndWith("bad.npz: array 'X': shape (10, 10) of '<f8' takes 800 bytes, 37 found.");

    [Fact]
    public void Read_MoreValuesThanTheShape_NamesArrayAndBytes() =>
        Told(Zip(Npy("(1,)", new byte[16]))).ShouldEndWith("array 'X': shape (1,) of '<f8' takes 8 bytes, 16 found.");

    [Fact]
    public void Read_GigabyteClaimedByTheHeader_IsRefusedCheaply() =>
        Told(Zip(Npy("(134217728,)", new byte[1000]))).ShouldEndWith("array 'X': shape (134217728,) of '<f8' takes 1073741824 bytes, 1000 found.");

    [Fact]
    public void Read_GigabyteClaimedByHeaderAndArchive_IsRefusedCheaply()
    {
        string path = Zip(Npy("(134217728,)", new byte[1000]));
        byte[] bytes = File.ReadAllBytes(path);

        // The length in the central directory, 24 bytes after its signature.
        int directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(directory + 24), (1u << 30) + 128);
        Told(_files.Write("bad.npz", bytes)).ShouldContain("array 'X': claims 1073741952 bytes; its ");
    }

    [Fact]
    public void Read_MoreElementsThanAllowed_IsRefusedCheaply()
    {
        Told(Zip(Npy("(9999999, 9999999, 9999999)", []))).ShouldContain("shape (9999999, 9999999, 9999999) has more elements than the 268435456 allowed");
        string small = Zip(Npy("(3,)", new byte[24]));
        Should.Throw<InputException>(() => NpzFile.Read(small, new NpzLimits { Elements = 2 })).Message.ShouldContain("more elements than the 2 allowed");
        NpzFile.Read(small, new NpzLimits { Elements = 3 }).Count.ShouldBe(1);
    }

    [Fact]
    public void Limits_NotPositive_Throw() => Should.Throw<ArgumentOutOfRangeException>(() => new NpzLimits { Elements = 0 });

    [Fact]
    public void Read_DimensionBeyondIntegers_IsNamed() =>
        Told(Zip(Npy("(99999999999,)", []))).ShouldContain("has the dimension '99999999999'; expected a whole number from 0 to 2147483647");

    [Fact]
    public void Read_NegativeDimension_IsNamed() => Told(Zip(Npy("(-1,)", []))).ShouldContain("has the dimension '-1'");

    [Fact]
    public void Read_WrongMagic_ShowsTheBytes()
    {
        byte[] npy = Npy("(1,)", new byte[8]);
        npy[1] = (byte)'X';
        Told(Zip(npy)).ShouldEndWith("array 'X': begins with 9358554D50590100; expected 934E554D5059 and a version from 1 to 3.");
    }

    [Fact]
    public void Read_UnknownVersion_ShowsTheBytes()
    {
        byte[] npy = Npy("(1,)", new byte[8]);
        npy[6] = 4;
        Told(Zip(npy)).ShouldContain("begins with 934E554D50590400; expected");
    }

    [Fact]
    public void Read_HeaderCutOff_NamesTheBytes() => Told(Zip(Npy("(1,)", [])[..30])).ShouldEndWith("array 'X': the NPY header at offset 10: 118 bytes expected, 20 found.");

    [Fact]
    public void Read_HeaderClaimedTooLong_IsRefused()
    {
        byte[] start = [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F];
        Told(Zip(start)).ShouldContain("the NPY header claims 2147483647 bytes; at most 65536 expected");
    }

    [Fact]
    public void Read_HeaderWithoutShape_ShowsTheHeader()
    {
        byte[] npy = Npy("(1,)", new byte[8]);
        Encoding.ASCII.GetBytes("shaqe").CopyTo(npy, npy.AsSpan().IndexOf("shape"u8));
        Told(Zip(npy)).ShouldContain("the NPY header is '{'descr': '<f8', 'fortran_order': False, 'shaqe': (1,), }'; expected 'descr' with a plain type");
    }

    [Fact]
    public void Read_TwoArraysOfOneName_IsRefused()
    {
        string path = _files["bad.npz"];
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Add(archive, Npy("()", new byte[8]));
            Add(archive, Npy("()", new byte[8]));
        }

        Told(path).ShouldBe($"{path}: there are two arrays named 'X'.");
    }

    private static string Told(string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Should.Throw<InputException>(() => NpzFile.Read(path)).Message;
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(CheapRefusal);
        return message;
    }

    private string Zip(byte[] npy)
    {
        using (var stream = new FileStream(_files["bad.npz"], FileMode.Create))
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
            Add(archive, npy);
        }

        return _files["bad.npz"];
    }

    private static void Add(ZipArchive archive, byte[] npy)
    {
        using Stream entry = archive.CreateEntry("X.npy").Open();
        entry.Write(npy);
    }

    // A version 1 file with the given text for the shape and bytes for the values.
    private static byte[] Npy(string shape, byte[] values)
    {
        string header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. values];
    }
}
