using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>The peers that this machine has.</summary>
internal sealed record PeerPrograms
{
    /// <summary>Debian's; another Python of the machine may lack the libraries.</summary>
    public const string Python = "/usr/bin/python3";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private PeerPrograms()
    {
    }

    /// <summary>Python with NumPy and SciPy, running scipy_flow.py; null where it is missing.</summary>
    public PeerProgram? SciPy { get; private init; }

    /// <summary>Python with PyTorch, running torch_flow.py; null where it is missing.</summary>
    public PeerProgram? Torch { get; private init; }

    /// <summary>cvode_flow.c as it was compiled; null where SUNDIALS or a compiler is missing.</summary>
    public PeerProgram? Cvode { get; private init; }

    /// <summary>matrix_product.py; null without NumPy.</summary>
    public PeerProgram? MatrixProduct { get; private init; }

    /// <summary>This program, in a process of its own.</summary>
    public PeerProgram Ours { get; } = new(Path.Combine(AppContext.BaseDirectory, "ReluFlow.Benchmarks"), ["solve"]);

    /// <summary>Name and version of what is there.</summary>
    public IReadOnlyList<string> Versions { get; private init; } = [];

    /// <summary>A line for each that is missing: what, and Debian's name for it.</summary>
    public IReadOnlyList<string> Missing { get; private init; } = [];

    /// <summary>Looks for all of them.</summary>
    public static PeerPrograms Find()
    {
        List<string> versions = [], missing = [];
        PeerProgram? Script(string name, string import, string version, string packages)
        {
            (int? status, string output, _) = File.Exists(Python) ? new PeerProgram(Python, []).Capture(["-c", $"import {import}; print({version})"], Patience) : (null, "", "");
            if (status == 0)
            {
                versions.Add(output.Trim());
                return new PeerProgram(Python, [Source(name)]);
            }

            missing.Add($"{Python} has no {import} (Debian: {packages})");
            return null;
        }

        PeerProgram? scipy = Script("scipy_flow.py", "scipy, numpy", "f'SciPy {scipy.__version__}, NumPy {numpy.__version__}'", "python3-scipy libopenblas0-pthread");
        PeerProgram? torch = Script("torch_flow.py", "torch", "f'PyTorch {torch.__version__}'", "python3-torch libopenblas0-pthread");
        string? cvode = Compile(out string? version, out string? fault);
        (cvode is null ? missing : versions).Add(fault ?? version!);
        return new PeerPrograms
        {
            SciPy = scipy,
            Torch = torch,
            Cvode = cvode is null ? null : new PeerProgram(cvode, []),
            MatrixProduct = scipy is null ? null : new PeerProgram(Python, [Source("matrix_product.py")]),
            Versions = versions,
            Missing = missing,
        };
    }

    private static string Source(string name) => Path.Combine(AppContext.BaseDirectory, "peers", name);

    private static string? Compile(out string? version, out string? fault)
    {
        string source = Source("cvode_flow.c"), path = Source("cvode_flow");
        version = null;
        try
        {
            string[] arguments = ["-O3", "-march=native", "-D_GNU_SOURCE", source, "-o", path, "-lsundials_cvode", "-lsundials_nvecserial", "-lm"];
            (int? status, _, string error) = new PeerProgram("cc", []).Capture(arguments, Patience);
            fault = status == 0 ? null
                : error.Contains("cvode.h", StringComparison.Ordinal) ? "SUNDIALS is not installed (Debian: libsundials-dev)"
                : $"{source} does not compile: {error.Split('\n')[0]}";
        }
        catch (InputException)
        {
            fault = "there is no C compiler cc (Debian: gcc libc6-dev)";
        }

        version = fault is null ? $"SUNDIALS CVODE {new PeerProgram(path, []).Capture(["--version"], Patience).Output.Trim()}" : null;
        return fault is null ? path : null;
    }
}
