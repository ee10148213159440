using System.Buffers.Binary;
using System.IO.Compression;

namespace ReluFlow.Cli.Tests;

/// <summary>Every bad input is one clear line, status 2, and nothing left behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_MissingSpec_NamesTheFile() => Rejected(["run", _folder["absent.yaml"]], "absent.yaml");

    [Fact]
    public void Run_UnknownKey_NamesTheNearest() =>
        Rejected(["run", _folder.Write("toy.yaml", Specs.Toy.Replace("width:", "widht:"))], "toy.yaml", "widht", "network.width");

    [Fact]
    public void Run_UnknownOverride_NamesTheNearest() =>
        Rejected(["run", _folder.Write("toy.yaml", Specs.Toy), "initial.scael=1e-3"], "initial.scael", "initial.scale");

    [Theory]
    [InlineData("dynamics.tolerance=-1e-8", "dynamics.tolerance", "-1e-8")]
    [InlineData("initial.scale=-1", "initial.scale", "-1")]
    [InlineData("initial.scale=1e300", "initial.scale", "up to 1e6")]
    [InlineData("initial.scale=1e400", "initial.scale", "up to 1e6")]
    [InlineData("network.width=0", "network.width", "0")]
    [InlineData("stop.time=soon", "stop.time", "soon")]
    [InlineData("data.name=orthogonal-tyo", "data.name", "orthogonal-tyo")]
    [InlineData("loss=sqared", "loss", "sqared")]
    [InlineData("width", "width", "=")]
    public void Run_ValueOutOfRange_NamesKeyAndValue(string change, string key, string value) =>
        Rejected(["run", _folder.Write("toy.yaml", Specs.Toy), change], key, value);

    [Fact]
    public void Run_NotANumberInCsv_NamesFileAndLine() =>
        Rejected(["run", SpecOf(_folder.Write("data.csv", "0.5,1\n2,nan\n"))], "data.csv", "2", "nan");

    [Fact]
    public void Run_RaggedCsv_NamesFileAndLine() =>
        Rejected(["run", SpecOf(_folder.Write("data.csv", "0.5,1\n2,1,3\n"))], "data.csv", "2", "3");

    [Fact]
    public void Run_MissingDataFile_NamesIt() => Rejected(["run", SpecOf(_folder["absent.npz"])], "absent.npz");

    [Fact]
    public void Run_NotANumberInNpz_NamesTheElement() =>
        Rejected(["run", SpecOf(_folder.Write("data.npz", Npz(("X", Npy([2, 1], 1, 2)), ("y", Npy([2], 1, double.NaN)))))], "data.npz", "y", "NaN");

    [Fact]
    public void Run_TruncatedNpz_NamesTheFile() =>
        Rejected(["run", SpecOf(_folder.Write("data.npz", Npz(("X", Npy([2, 1], 1, 2)), ("y", Npy([2], 1, 2))).AsSpan()[..^40]))], "data.npz");

    [Fact]
    public void Run_NpyShorterThanItsShape_NamesTheArray() =>
        Rejected(["run", SpecOf(_folder.Write("data.npz", Npz(("X", Npy([2, 1], 1, 2)[..^8]), ("y", Npy([2], 1, 2)))))], "data.npz", "X");

    [Fact]
    public void Run_TruncatedIdx_NamesTheFile()
    {
        _folder.Write("t10k-labels-idx1-ubyte", Idx([3], 0, 1, 0));
        string images = _folder.Write("t10k-images-idx3-ubyte", Idx([3, 2, 2], 1, 2, 3, 4, 5));
        string spec = Specs.OfFile(images).Replace($"path: {images}", $"path: {images}, labels: {_folder["t10k-labels-idx1-ubyte"]}");

        Rejected(["run", _folder.Write("spec.yaml", spec)], "t10k-images-idx3-ubyte");
    }

    [Fact]
    public void Run_StartOfAnotherDimension_NamesBoth()
    {
        string start = _folder.Write("start.npz", Npz(("W", Npy([1, 3], 1, 2, 3)), ("a", Npy([1], 1))));
        string spec = Specs.Toy.Replace("{ scheme: balanced, scale: 1e-2, seed: 3 }", $"{{ scheme: file, path: {start} }}").Replace("width: 12, ", "");

        Rejected(["run", _folder.Write("spec.yaml", spec)], "start.npz", "3", "2");
    }

    [Fact]
    public void Run_OutputIsAFile_NamesIt() =>
        Rejected(["run", _folder.Write("toy.yaml", Specs.Toy), "--out", _folder.Write("taken", "mine")], "taken");

    [Fact]
    public void Run_OutputHoldsSomethingElse_LeavesItAlone()
    {
        Directory.CreateDirectory(_folder["mine"]);
        _folder.Write("mine/thesis.tex", "years of work");

        Rejected(["run", _folder.Write("toy.yaml", Specs.Toy), "--out", _folder["mine"], "--force"], "mine");
    }

    [Fact]
    public void Run_AFolder_SaysSo() => Rejected(["run", _folder.Path], _folder.Path, "is a folder", "a YAML file, is expected");

    [Fact]
    public void Run_EmptyNpz_SaysSo() => Rejected(["run", SpecOf(_folder.Write("data.npz", ""))], "data.npz", "the file is empty");

    [Fact]
    public void Run_FlatInputs_SaysHowToSaveThem() =>
        Rejected(["run", SpecOf(_folder.Write("data.npz", Npz(("X", Npy([2], 1, 2)), ("y", Npy([2], 1, 2)))))], "X has shape (2,)", "X[:, None]");

    [Fact]
    public void Run_TransposedStart_SaysSo()
    {
        string start = _folder.Write("start.npz", Npz(("W", Npy([2, 3], 1, 2, 3, 4, 5, 6)), ("a", Npy([3], 1, 2, 3))));
        string spec = Specs.Toy.Replace("{ scheme: balanced, scale: 1e-2, seed: 3 }", $"{{ scheme: file, path: {start} }}").Replace("width: 12, ", "");

        Rejected(["run", _folder.Write("spec.yaml", spec)], "'W' has shape (2, 3)", "transposed", "(3, 2)");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("many")]
    public void Run_ThreadsThatAreNoNumber_SaysSo(string threads) => Rejected(["run", _folder.Write("toy.yaml", Specs.Toy), "--threads", threads], "--threads", threads, "a whole number from 0");

    [Theory]
    [InlineData("predict", "--help")]
    [InlineData("help", "predict")]
    public void Program_HelpOnAnUnknownVerb_IsAnError(params string[] arguments) => Rejected(arguments, "'predict' is no verb", "run, reproduce");

    [Theory]
    [InlineData("rnu", "'rnu'", "'run'")]
    [InlineData("reproduec", "'reproduec'", "'reproduce'")]
    public void Program_UnknownVerb_NamesTheNearest(string verb, string said, string nearest) => Rejected([verb, "x"], said, nearest);

    [Fact]
    public void Program_NoVerb_NamesTheVerbs() => Rejected([], "run", "reproduce");

    [Fact]
    public void Run_NoSpec_SaysWhatIsMissing() => Rejected(["run"], "run: SPEC is missing. The experiment spec, a YAML file.", "--help");

    [Fact]
    public void Program_NothingLikeAVerb_GuessesNothing()
    {
        ProgramRun run = ProgramRun.Of("integrate");

        run.ShouldBeOneClearLine("'integrate' is no verb; verbs are run, reproduce");
        run.Error.ShouldNotContain("did you mean");
    }

    [Fact]
    public void Run_UnknownOption_NamesIt()
    {
        Rejected(["run", _folder.Write("toy.yaml", Specs.Toy), "--jsn"], "'--jsn' is no option");
        Rejected(["run", "--jsn"], "'--jsn' is no option");
        Rejected(["reproduce", "--al"], "'--al' is no option");
    }

    [Fact]
    public void Reproduce_UnknownName_NamesThoseThereAre() => Rejected(["reproduce", "orthogonal-tyo"], "orthogonal-tyo", "orthogonal-toy");

    [Theory]
    [InlineData("reproduce")]
    [InlineData("reproduce", "orthogonal-toy", "--all")]
    [InlineData("reproduce", "--list", "--all")]
    public void Reproduce_NotOneChoice_SaysSo(params string[] arguments) => Rejected(arguments, "one of NAME, --all and --list");

    private void Rejected(string[] arguments, params string[] parts)
    {
        string[] before = _folder.Entries;

        ProgramRun run = arguments is ["run", _, ..] && !arguments.Contains("--out")
            ? ProgramRun.Of([.. arguments, "--out", _folder["run"]])
            : ProgramRun.Of(arguments);

        run.ShouldBeOneClearLine(parts);
        _folder.Entries.ShouldBe(before);
    }

    private string SpecOf(string data) => _folder.Write("spec.yaml", Specs.OfFile(data));

    private static byte[] Npz(params (string Name, byte[] Npy)[] arrays)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] npy) in arrays)
            {
                using Stream entry = archive.CreateEntry(name + ".npy").Open();
                entry.Write(npy);
            }
        }

        return stream.ToArray();
    }

    // The format of numpy.save, version 1.0.
    private static byte[] Npy(int[] shape, params double[] values)
    {
        string header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({string.Join(", ", shape)},), }}";
        header = header.PadRight((((10 + header.Length + 1 + 63) / 64) * 64) - 11) + "\n";
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        byte[] numbers = new byte[8 * values.Length];
        Buffer.BlockCopy(values, 0, numbers, 0, numbers.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. System.Text.Encoding.ASCII.GetBytes(header), .. numbers];
    }

    private static byte[] Idx(int[] shape, params byte[] values)
    {
        var bytes = new List<byte> { 0, 0, 8, (byte)shape.Length };
        foreach (int size in shape)
        {
            byte[] number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, size);
            bytes.AddRange(number);
        }

        return [.. bytes, .. values];
    }
}
