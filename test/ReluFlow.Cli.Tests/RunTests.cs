using System.Globalization;
using System.Text.Json;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli.Tests;

public sealed class RunTests : IDisposable
{
    private static readonly string[] s_runFiles = ["events.csv", "experiment.yaml", "network.npz", "report.html", "summary.json", "trajectory.npz"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_GoodSpec_ShowsASummaryAndLeavesAWholeRunDirectory()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun run = ProgramRun.Of("run", spec, "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Error.ShouldBeEmpty();
        run.Output.ShouldContain("interpolated");
        run.Output.ShouldContain("‖θ‖²");
        run.Output.ShouldContain("flow time of L = (1/2n)");
        run.Output.ShouldContain(_folder["run"]);
        run.Output.ShouldNotContain("\u001b");
        Directory.GetFiles(_folder["run"]).Select(Path.GetFileName).Order().ShouldBe(s_runFiles);
        _folder.Entries.Length.ShouldBe(s_runFiles.Length + 2);
    }

    [Fact]
    public void Run_AgainWithChosenNeurons_ShowsItsSummaryAndRefusesWhatNeedsAll()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);
        ProgramRun.Of("run", spec, "save.neurons=[0, 2]", "--no-report", "--out", _folder["run"]).Status.ShouldBe(ExitStatus.Done);

        ProgramRun again = ProgramRun.Of("run", spec, "save.neurons=[0, 2]", "--out", _folder["run"]);
        again.Status.ShouldBe(ExitStatus.Done, again.Error);
        again.Output.ShouldContain("‖θ‖²");
        File.Exists(_folder["run/report.html"]).ShouldBeFalse();

        ProgramRun norms = ProgramRun.Of("figure", _folder["run"], "norms");
        norms.Status.ShouldBe(ExitStatus.BadInput);
        norms.Error.ShouldContain("keeps neurons 0, 2 alone between its start and its end (save.neurons); this needs all of them.");
    }

    [Fact]
    public void Run_Json_PrintsTheSummaryAlone()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun run = ProgramRun.Of("run", spec, "--out", _folder["run"], "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        using JsonDocument printed = JsonDocument.Parse(run.Output);
        using JsonDocument stored = JsonDocument.Parse(File.ReadAllText(_folder["run/summary.json"]));
        printed.RootElement.GetRawText().ShouldBe(stored.RootElement.GetRawText());
        printed.RootElement.GetProperty("status").GetString().ShouldBe("interpolated");
        printed.RootElement.GetProperty("loss").GetDouble().ShouldBeLessThanOrEqualTo(1e-6);
    }

    [Fact]
    public void Run_Again_FindsTheFinishedRunAndSaysSo()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);
        ProgramRun first = ProgramRun.Of("run", spec, "--out", _folder["run"], "--json");

        ProgramRun second = ProgramRun.Of("run", spec, "--out", _folder["run"], "--json");

        second.Status.ShouldBe(ExitStatus.Done);
        second.Output.ShouldBe(first.Output);
        second.Error.ShouldContain("finished before");
        second.Error.ShouldContain("--force");
        ProgramRun.Of("run", spec, "--out", _folder["run"]).Output.ShouldContain("computed earlier in ");
    }

    [Fact]
    public void Run_AfterAnotherVersion_RunsAgainAndSaysSo()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy), summary = _folder["run/summary.json"];
        ProgramRun.Of("run", spec, "--out", _folder["run"]).Status.ShouldBe(ExitStatus.Done);
        File.WriteAllText(summary, File.ReadAllText(summary).Replace($"\"version\": \"{Summary.CurrentVersion}\"", "\"version\": \"0.0.9\""));

        ProgramRun run = ProgramRun.Of("run", spec, "--out", _folder["run"], "--json");

        run.Status.ShouldBe(ExitStatus.Done);
        run.Error.TrimEnd().ShouldBe($"version 0.0.9 had finished this run in {_folder["run"]}; it was run again with version {Summary.CurrentVersion} and replaced");
        Summary.FromJson(File.ReadAllText(summary), summary).Version.ShouldBe(Summary.CurrentVersion);
    }

    [Fact]
    public void Run_AfterAnotherBuild_IsFoundAndSaysSo()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy), summary = _folder["run/summary.json"];
        ProgramRun.Of("run", spec, "--out", _folder["run"]).Status.ShouldBe(ExitStatus.Done);
        string written = File.ReadAllText(summary);
        written.ShouldContain(typeof(Flows.ReferenceFlow).Module.ModuleVersionId.ToString());
        File.WriteAllText(summary, written.Replace(Summary.CurrentBuild, Guid.Empty.ToString()));

        ProgramRun.Of("run", spec, "--out", _folder["run"]).Error.ShouldContain("finished before by another build");
    }

    [Fact]
    public void Run_Twice_GivesTheSameBits()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);
        ProgramRun.Of("run", spec, "--out", _folder["one"]).Status.ShouldBe(ExitStatus.Done);
        ProgramRun.Of("run", spec, "--out", _folder["two"]).Status.ShouldBe(ExitStatus.Done);

        // The summary differs in the seconds on the clock only.
        foreach (string file in s_runFiles.Where(file => file != "summary.json"))
        {
            File.ReadAllBytes(_folder[$"two/{file}"]).ShouldBe(File.ReadAllBytes(_folder[$"one/{file}"]), file);
        }

        WithoutClock("two").ShouldBe(WithoutClock("one"));
    }

    [Fact]
    public void Run_Force_RunsAgain()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);
        ProgramRun.Of("run", spec, "--out", _folder["run"]).Status.ShouldBe(ExitStatus.Done);
        byte[] first = File.ReadAllBytes(_folder["run/trajectory.npz"]);

        ProgramRun second = ProgramRun.Of("run", spec, "--out", _folder["run"], "--force");

        second.Status.ShouldBe(ExitStatus.Done);
        second.Error.ShouldBeEmpty();
        File.ReadAllBytes(_folder["run/trajectory.npz"]).ShouldBe(first);
    }

    [Fact]
    public void Run_Override_ReplacesTheSpecsValue()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun run = ProgramRun.Of("run", spec, "initial.scale=1e-1000", "stop.time=3", "--out", _folder["run"], "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        summary.RootElement.GetProperty("status").GetString().ShouldBe("time-reached");
        summary.RootElement.GetProperty("time").GetDouble().ShouldBe(3);
        summary.RootElement.GetProperty("loss").GetDouble().ShouldBe(0.5);
        File.ReadAllText(_folder["run/experiment.yaml"]).ShouldContain("1e-1000");

        // ln(1/λ)/‖D_+‖ = 1000 ln 10 · 0.894.
        run.Error.ShouldContain("stop.time = 3 is before the first jump, predicted at t = ln(1/λ)/‖D‖ = 2059.49");
    }

    [Fact]
    public void Run_OrthogonalData_ShowsPredictedJumpsBesideMeasuredOnes()
    {
        ProgramRun run = ProgramRun.Of("run", _folder.Write("toy.yaml", Specs.Toy), "--out", _folder["run"]);

        // ln(100)/‖D_±‖.
        run.Output.ShouldContain("jump 1 (positive targets), t");
        run.Output.ShouldContain(" 4.1189894 ");
        run.Output.ShouldContain(" 8.2379789 ");
        run.Output.ShouldContain("derived [D]");
    }

    [Fact]
    public void Run_NormsThatUnderflow_AreShownByTheirLogarithms()
    {
        ProgramRun run = ProgramRun.Of("run", _folder.Write("toy.yaml", Specs.Toy), "initial.scale=1e-1000", "stop.time=2", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldMatch("‖∇L‖ .* [0-9.]+E-(1000|999) ");
        run.Output.ShouldMatch("‖θ‖² .* [0-9.]+E-(2000|1999|1998) ");
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllText(_folder["run/summary.json"]));
        summary.RootElement.GetProperty("squared_norm").GetDouble().ShouldBe(0);
        summary.RootElement.GetProperty("log_squared_norm").GetDouble().ShouldBe(-2000 * Math.Log(10), 10);
    }

    [Fact]
    public void Run_SaddlesAndAlignment_AreShown()
    {
        ProgramRun run = ProgramRun.Of("run", _folder.Write("toy.yaml", Specs.Toy), "analyses=[saddles, alignment]", "--out", _folder["run"]);

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("stay [H]");
        run.Output.ShouldContain("of their target:");
    }

    [Fact]
    public void Run_CutShortAgain_KeepsTheRunThatGotFarther()
    {
        string spec = _folder.Write("endless.yaml", Specs.Endless);
        string Cut(int readings)
        {
            using var cancellation = new CancellationTokenSource();
            var settings = new ProgramRun.Settings { Clock = new CancellingClock(cancellation, readings), Cancellation = cancellation.Token };
            return ProgramRun.With(settings, "run", spec, "--out", _folder["run"], "--json").Error;
        }

        Cut(400);
        byte[] far = File.ReadAllBytes(_folder["run/summary.json"]);
        string error = Cut(100);

        error.ShouldContain("a partial run up to t = ");
        error.ShouldContain("replaces it when it gets as far");
        error.ShouldContain("stays, this one is not kept");
        File.ReadAllBytes(_folder["run/summary.json"]).ShouldBe(far);
    }

    [Theory]
    [InlineData("1e-300", "scale: 1.0e-300")]
    [InlineData("1e-1000", "scale: 1e-1000")]
    public void Run_ScaleNearOrBelowTheSmallestDouble_Interpolates(string scale, string written)
    {
        // The second jump comes at about ln(1/λ)/‖D_−‖, which is 4119 for 1e-1000; half of that leaves room for the correction.
        double secondJump = -double.Parse(scale[2..], CultureInfo.InvariantCulture) * Math.Log(10) / 0.559;
        string spec = _folder.Write("toy.yaml", Specs.Toy);

        ProgramRun run = ProgramRun.Of("run", spec, $"initial.scale={scale}", "stop.time=10000", "stop.loss=1e-13", "--out", _folder["run"], "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        Summary summary = Summary.FromJson(run.Output, "standard output");
        summary.Status.ShouldBe(RunStatus.Interpolated);
        summary.Loss.ShouldBeLessThan(1e-12);
        summary.Time.ShouldBeInRange(0.5 * secondJump, 10000);
        File.ReadAllText(_folder["run/experiment.yaml"]).ShouldContain(written);
    }

    [Fact]
    public void Run_OverridesThatChooseAStartDataOrMethod_Run()
    {
        string spec = _folder.Write("toy.yaml", Specs.Toy);
        ProgramRun.Of("run", spec, "network.width=7", "--out", _folder["first"]).Status.ShouldBe(ExitStatus.Done);
        File.Copy(_folder["first/network.npz"], _folder["x.npz"]);
        _folder.Write("points.csv", "-0.5,-1\n2,1\n");

        foreach (string[] overrides in (string[][])[["initial.scheme=file", "initial.path=x.npz"], ["data.source=file", "data.path=points.csv"], ["dynamics.method=gradient-descent", "dynamics.step=1e-3"]])
        {
            ProgramRun run = ProgramRun.Of(["run", spec, .. overrides, "--out", _folder[overrides[0]]]);
            run.Status.ShouldBe(ExitStatus.Done, run.Error);
        }
    }

    [Fact]
    public void Run_Cancelled_KeepsWhatWasComputedWithStatus130()
    {
        string spec = _folder.Write("endless.yaml", Specs.Endless);
        using var cancellation = new CancellationTokenSource();
        var settings = new ProgramRun.Settings { Clock = new CancellingClock(cancellation, readings: 200), Cancellation = cancellation.Token };

        ProgramRun run = ProgramRun.With(settings, "run", spec, "--out", _folder["run"], "--json");

        run.Status.ShouldBe(ExitStatus.Interrupted);
        run.Error.ShouldContain("interrupted at t =");
        run.Error.ShouldContain("steps ");
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        summary.RootElement.GetProperty("status").GetString().ShouldBe("interrupted");
        Directory.GetFiles(_folder["run"]).Select(Path.GetFileName).Order().ShouldBe(s_runFiles);
    }

    [Fact]
    public void Run_NeuronThatSlides_IsFollowedByTheDefaultAndEndsTheReference()
    {
        // Two samples on one side of the origin with targets that pull a neuron onto the boundary of the second.
        string data = _folder.Write("slide.csv", "1,0.5\n-1,0.6\n0.2,-2\n");
        string spec = _folder.Write("slide.yaml", Specs.OfFile(data).Replace("{ method: gradient-descent, step: 1e-2 }", "{ method: gradient-flow, tolerance: 1e-8 }").Replace("width: 4", "width: 40").Replace("time: 1", "time: 200"));

        ProgramRun followed = ProgramRun.Of("run", spec, "--out", _folder["followed"], "--json");
        ProgramRun run = ProgramRun.Of("run", spec, "dynamics.integrator=reference", "--out", _folder["run"], "--json");

        followed.Status.ShouldBe(ExitStatus.Done, followed.Error);
        using JsonDocument slid = JsonDocument.Parse(followed.Output);
        slid.RootElement.GetProperty("events").GetProperty("slides").GetInt64().ShouldBePositive();
        run.Status.ShouldBe(ExitStatus.SolveFailed, run.Output);
        run.Error.ShouldContain("slid");
        run.Error.ShouldContain("neuron");
        using JsonDocument summary = JsonDocument.Parse(run.Output);
        summary.RootElement.GetProperty("status").GetString().ShouldBe("failed");
    }

    private string WithoutClock(string name) => string.Join('\n', File.ReadLines(_folder[$"{name}/summary.json"]).Where(line => !line.Contains("elapsed_seconds")));
}
