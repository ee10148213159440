using System.Globalization;

namespace ReluFlow.Cli.Tests;

/// <summary>A run from NumPy files agrees with SciPy's integration of the raw equations.</summary>
public sealed class SciPyOracleTests : IDisposable
{
    // The flow's tolerance is 1e-9 and SciPy's 1e-12; the rest is what the passage of two saddles makes of it.
    private const double Agreement = 1e-6;

    private const int SavedTimes = 401;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public void Run_OrthogonalToyFromNumPyFiles_AgreesAtEverySavedTime()
    {
        PythonOracle.RunFile("gradient_flow.py", "write", _folder.Path).ShouldBeEmpty();
        string spec = _folder.Write("spec.yaml", """
            name: from-numpy
            data:     { source: file, path: data.npz }
            network:  { bias: true }
            initial:  { scheme: file, path: start.npz }
            dynamics: { method: gradient-flow, tolerance: 1e-9 }
            stop:     { time: 40, loss: 0 }
            save:     { count: 401, spacing: linear }
            """);

        ProgramRun run = ProgramRun.Of("run", spec, "--out", _folder["run"]);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);

        Dictionary<string, double> compared = PythonOracle.RunFile("gradient_flow.py", "compare", _folder.Path, _folder["run"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ')).ToDictionary(words => words[0], words => double.Parse(words[1], CultureInfo.InvariantCulture));
        compared["times"].ShouldBe(SavedTimes);
        compared["weights"].ShouldBeLessThan(Agreement);
        compared["loss"].ShouldBeLessThan(Agreement);
    }
}
