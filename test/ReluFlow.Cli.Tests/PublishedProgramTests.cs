using System.Runtime.InteropServices;

namespace ReluFlow.Cli.Tests;

/// <summary>The program compiled ahead, as <c>dotnet publish -r</c> makes it, beside the ordinary build that compiles while it runs.</summary>
public sealed class PublishedProgramTests : IDisposable
{
    private static readonly string[] s_sources = ["src", "experiments", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig"];

    // What a build leaves behind in a checkout.
    private static readonly string[] s_built = ["bin", "obj", "node_modules", ".build-lock"];

    // What NuGet and the SDK say where a package can be had neither from a registry nor from the machine.
    private static readonly string[] s_unobtainable = ["NU1101", "NU1102", "NU1301", "NETSDK1094"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Slow")]
    public void Published_OrthogonalToy_GivesTheBitsOfTheOrdinaryBuild()
    {
        string spec = Path.Combine(Checkout.Root, "experiments", "orthogonal-toy.yaml");
        if (Publish() is not { } program)
        {
            return;
        }

        using var ordinary = ProgramProcess.OfReluFlow([], "run", spec, "--no-report", "--out", _folder["ordinary"]);
        ordinary.End().Status.ShouldBe(ExitStatus.Done);
        using var published = ProgramProcess.Of(program, "run", spec, "--no-report", "--out", _folder["published"]);
        published.End().Status.ShouldBe(ExitStatus.Done);

        Dictionary<string, string> files = RunBits.Of(_folder["ordinary"]);
        files.Keys.ShouldBe(["experiment.yaml", "summary.json", "trajectory.npz", "network.npz", "events.csv"], ignoreOrder: true);
        RunBits.Of(_folder["published"]).ShouldBe(files);
    }

    // The path of the program, published from a copy of the sources, which other builds may be using; null where packages are missing and may be.
    private string? Publish()
    {
        foreach (string source in s_sources)
        {
            Copy(Path.Combine(Checkout.Root, source), _folder[source]);
        }

        // With nothing but a shell on the path there is no Node, and so no front end, of which a run has no need.
        string tools = Directory.CreateDirectory(_folder["tools"]).FullName;
        File.CreateSymbolicLink(Path.Combine(tools, "sh"), "/bin/sh");
        string host = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        (int status, string output, string error) = ExternalProgram.Run(
            Path.Combine(host, "dotnet"),
            ["publish", _folder["src/ReluFlow.Cli"], "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-o", _folder["program"], "-nodeReuse:false", "-p:UseSharedCompilation=false", "-p:RunAnalyzers=false"],
            environment: new() { ["PATH"] = $"{host}:{tools}" });
        if (status != 0 && Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") != "1" && s_unobtainable.Any(output.Contains))
        {
            return null;
        }

        status.ShouldBe(0, output + error);
        return _folder["program/reluflow"];
    }

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (string entry in Directory.EnumerateFileSystemEntries(from).Where(entry => !s_built.Contains(Path.GetFileName(entry))))
        {
            Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
        }
    }
}
