using System.Diagnostics;

namespace ReluFlow.Experiments.Tests.Figures;

/// <summary>The build of the front end: without Node, and beside other builds.</summary>
public sealed class ClientAppBuildTests : IDisposable
{
    private static readonly string s_project = Path.Combine(Checkout.Root, "src", "ReluFlow.Experiments");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Build_WithoutNode_WarnsAndEmbedsNothing()
    {
        // The target alone, with an output of its own: nothing is there from an earlier build.
        string shellAlone = Directory.CreateDirectory(_folder["path"]).FullName;
        File.CreateSymbolicLink(Path.Combine(shellAlone, "sh"), "/bin/sh");
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [
            "msbuild", Path.Combine(s_project, "ReluFlow.Experiments.csproj"), "-nologo", "-t:EmbedClientApp", "-getItem:ClientAppBundle", "-nodeReuse:false",
            $"-p:ClientAppOutput={_folder["out"]}/", $"-p:ClientAppStamp={_folder["out"]}/built",
        ]);
        start.Environment["PATH"] = shellAlone;

        (int status, string output) = End(Start(start));

        status.ShouldBe(0, output);
        output.ShouldContain("warning RF0001: Node is not installed");
        output.ShouldContain("\"ClientAppBundle\": []");
    }

    [ClientPackagesFact]
    public void Build_TwiceAtOnce_GivesBothTheSameBundles()
    {
        string client = Copy();
        Process[] builds = [Build(client, "first"), Build(client, "second")];

        foreach (Process build in builds)
        {
            (int status, string output) = End(build);
            status.ShouldBe(0, output);
        }

        foreach (string bundle in (string[])["report.js", "report.css", "render.js"])
        {
            byte[] first = File.ReadAllBytes(Path.Combine(_folder["first"], bundle));
            first.Length.ShouldBeGreaterThan(1000, bundle);
            File.ReadAllBytes(Path.Combine(_folder["second"], bundle)).SequenceEqual(first).ShouldBeTrue(bundle);
        }

        Directory.Exists(Path.Combine(client, ".build-lock")).ShouldBeFalse();
        _folder.Entries.ShouldNotContain(entry => entry.Contains(".partial-"));
    }

    [ClientPackagesFact]
    public void Build_AfterOneThatWasKilled_TakesItsLock()
    {
        string client = Copy(), held = Directory.CreateDirectory(Path.Combine(client, ".build-lock")).FullName;

        // A process that has ended.
        using Process ended = Process.Start(new ProcessStartInfo("node", ["-e", ""]))!;
        ended.WaitForExit();
        File.WriteAllText(Path.Combine(held, "process"), ended.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

        (int status, string output) = End(Build(client, "out"));

        status.ShouldBe(0, output);
        Directory.Exists(held).ShouldBeFalse();
    }

    // The sources by themselves, with the packages of the checkout: a build of the checkout is not waited for.
    private string Copy()
    {
        string from = Path.Combine(s_project, "ClientApp"), to = Directory.CreateDirectory(_folder["client"]).FullName;
        string packages = Path.Combine(from, "node_modules") + Path.DirectorySeparatorChar;
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.StartsWith(packages, StringComparison.Ordinal)))
        {
            string place = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }

        Directory.CreateSymbolicLink(Path.Combine(to, "node_modules"), packages);
        return to;
    }

    private Process Build(string client, string output) => Start(new ProcessStartInfo("node", [Path.Combine(client, "build.mjs"), _folder[output]]));

    private static Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    private static (int Status, string Output) End(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            return (process.ExitCode, output.Result + error.Result);
        }
    }
}

/// <summary>A test that builds the front end: skipped where Node or the packages that a build of this checkout installs are missing, unless RELUFLOW_REQUIRE_ALL=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClientPackagesFactAttribute : FactAttribute
{
    public ClientPackagesFactAttribute()
    {
        bool isThere = Programs.MissingOf("node") is null && File.Exists(Path.Combine(Checkout.Root, "src", "ReluFlow.Experiments", "ClientApp", "node_modules", ".reluflow-lock"));
        if (!isThere && Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") != "1")
        {
            Skip = "Node or the packages of the front end are not installed";
        }
    }
}
