using System.Globalization;
using System.Text.RegularExpressions;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli.Tests;

/// <summary>What README.md shows works: its spec, its command line and its NumPy block, one after the other.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    // Another order of the same sums.
    private const double Rounding = 1e-12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PythonFact]
    public void Readme_SpecCommandAndNumPyBlock_WorkOneAfterTheOther()
    {
        string readme = File.ReadAllText(Path.Combine(Checkout.Root, "README.md"));
        string spec = Blocks(readme, "yaml").First(), python = Blocks(readme, "python").First();
        string command = Blocks(readme, "").SelectMany(block => block.Split('\n')).First(line => line.Contains(" -- run ", StringComparison.Ordinal));
        string[] arguments = command[(command.IndexOf(" -- ", StringComparison.Ordinal) + 4)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _folder.Write(arguments[1], spec);
        Python("numpy.savez('data.npz', X=numpy.array([[-0.5], [2.0]]), y=numpy.array([-1.0, 1.0]))");
        string output = arguments[Array.IndexOf(arguments, "--out") + 1];

        ProgramRun run = ProgramRun.Of([.. arguments.Select(argument => argument == arguments[1] || argument == output ? _folder[argument] : argument), "--json"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        Summary summary = Summary.FromJson(run.Output, "standard output");
        double[] printed = [.. Python(python).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).TakeLast(3).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        printed[0].ShouldBe(summary.Time);
        printed[1].ShouldBe(summary.Loss);
        printed[2].ShouldBe(summary.SquaredNorm, Rounding * summary.SquaredNorm);
    }

    private string Python(string script) => PythonOracle.Run($"import os, numpy; os.chdir({'"'}{_folder.Path}{'"'})\n{script}");

    private static IEnumerable<string> Blocks(string text, string language) =>
        Fence().Matches(text).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    [GeneratedRegex("^```([a-z]*)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
