using System.Text.Json;
using ReluFlow.Experiments.Verification;
using ReluFlow.Networks;

namespace ReluFlow.Cli.Tests;

public sealed class VerifyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Verify_Claim_ShowsTheTable()
    {
        ProgramRun run = ProgramRun.With(new ProgramRun.Settings { Clock = new StoppedClock() }, "verify", "early-alignment-trap", "--trials", "3");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Error.ShouldBeEmpty();
        foreach (string part in (string[])["early-alignment-trap", "relative deviation of L", "at most 1E-09", "holds", "skipped"])
        {
            run.Output.ShouldContain(part);
        }
    }

    [Fact]
    public void Verify_Json_IsAloneAndComplete()
    {
        ProgramRun run = ProgramRun.Of("verify", "interpolation-threshold", "--trials", "4", "--seed", "7", "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        JsonElement verdict = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Single();
        verdict.GetProperty("claim").GetString().ShouldBe("interpolation-threshold");
        verdict.GetProperty("seed").GetUInt64().ShouldBe(7UL);
        verdict.GetProperty("trials").GetInt32().ShouldBe(4);
        (verdict.GetProperty("checked").GetInt32() + verdict.GetProperty("skipped").GetInt32()).ShouldBe(4);
        verdict.GetProperty("holds").GetBoolean().ShouldBeTrue();
        verdict.GetProperty("failing_instance").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement first = verdict.GetProperty("quantities")[0];
        first.GetProperty("rule").GetString().ShouldBe("frequency");
        first.GetProperty("bound").GetDouble().ShouldBe(0.05);
        first.GetProperty("band").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void Verify_List_NamesEveryClaim()
    {
        string[] names = [.. ClaimRegistry.Claims.Select(claim => claim.Name)];

        ProgramRun.Of("verify", "--list").Output.TrimEnd('\n').Split('\n').Select(line => line.Split(' ')[0]).ShouldBe(names);
        JsonDocument.Parse(ProgramRun.Of("verify", "--list", "--json").Output).RootElement.EnumerateArray().Select(name => name.GetString()).ShouldBe(names);
    }

    [Fact]
    public void Verify_TerminalWithoutUnicode_HasALetterForEverySign()
    {
        ProgramRun run = ProgramRun.With(new ProgramRun.Settings { Unicode = false }, "verify", "--list");

        run.Output.ShouldAllBe(c => char.IsAscii(c) && c != '?');
        foreach (Claim claim in ClaimRegistry.Claims)
        {
            string.Concat(claim.Quantities.Select(quantity => AsciiText.Of(quantity.Name + quantity.InWords))).ShouldNotContain('?');
        }
    }

    [Fact]
    public void Verify_BadInput_IsOneClearLine()
    {
        ProgramRun.Of("verify", "zero-lss").ShouldBeOneClearLine("'zero-lss' is no claim; the nearest is 'zero-loss'");
        ProgramRun.Of("verify").ShouldBeOneClearLine("one of CLAIM, --all and --list");
        ProgramRun.Of("verify", "zero-loss", "--all").ShouldBeOneClearLine("one of CLAIM, --all and --list");
        ProgramRun.Of("verify", "zero-loss", "--trails", "3").ShouldBeOneClearLine("--trails");
        foreach (string trials in (string[])["0", "-3", "many", "1.5", "99999999"])
        {
            ProgramRun.Of("verify", "zero-loss", $"--trials={trials}").ShouldBeOneClearLine($"--trials is '{trials}'; a whole number from 1");
        }

        ProgramRun.Of("verify", "zero-loss", "--seed=x").ShouldBeOneClearLine("--seed is 'x'");
    }

    [Fact]
    public void Verify_ClaimThatFails_IsStatusOneAndWritesAnInstanceThatRuns()
    {
        (int status, string output, string error) = Verify([new Wrong()], json: false);

        status.ShouldBe(ExitStatus.CheckFailed);
        output.ShouldContain("FAILS");
        string spec = Path.Combine(_folder["failing"], "experiment.yaml");
        error.ShouldStartWith("reluflow: verify wrong: trial ");
        error.ShouldContain("deviation is 2; at most 1 is expected");
        error.TrimEnd().ShouldEndWith($"reluflow run {spec}");
        error.TrimEnd().ShouldNotContain('\n');
        ProgramRun run = ProgramRun.Of("run", spec, "--out", _folder["run"]);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
    }

    [Fact]
    public void Verify_ClaimThatFailsAmongOthers_NamesItsInstanceInJson()
    {
        (int status, string output, _) = Verify([new Wrong(), new Wrong()], json: true);

        status.ShouldBe(ExitStatus.CheckFailed);
        foreach (JsonElement verdict in JsonDocument.Parse(output).RootElement.EnumerateArray())
        {
            verdict.GetProperty("holds").GetBoolean().ShouldBeFalse();
            string name = $"verify-wrong-5-{verdict.GetProperty("failing_trial").GetInt32()}";
            verdict.GetProperty("failing_instance").GetString().ShouldBe(Path.Combine(_folder["failing"], name, "experiment.yaml"));
            File.Exists(Path.Combine(_folder["failing"], name, "start.npz")).ShouldBeTrue();
        }
    }

    [Fact]
    public void Verify_LongWork_SaysWhereItStands()
    {
        using var cancellation = new CancellationTokenSource();

        ProgramRun run = ProgramRun.With(new ProgramRun.Settings { Clock = new CancellingClock(cancellation, int.MaxValue) }, "verify", "balancedness", "--trials", "2", "--threads", "1");

        run.Status.ShouldBe(ExitStatus.Done);

        // Ten seconds a reading of the clock: half is done after ten.
        run.Error.ShouldStartWith("balancedness (1 of 1): trial 1 of 2  about 10 s left\n");
    }

    [Fact]
    public void Verify_Cancelled_Ends130()
    {
        ProgramRun before = ProgramRun.With(new ProgramRun.Settings { Clock = new StoppedClock(), Cancellation = new CancellationToken(canceled: true) }, "verify", "--all");
        before.Status.ShouldBe(ExitStatus.Interrupted, before.Error);
        before.Output.ShouldBeEmpty();

        // During the second claim; the verdict on the first stands.
        using var cancellation = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        int status = VerifyCommand.Verify(
            new Terminal { Output = output, Error = error, Clock = new StoppedClock() }, [ClaimRegistry.Find("balancedness"), new Cancelling(cancellation)], new VerifyCommand.Request(2, 1, 0, null, Json: false), cancellation.Token);
        status.ShouldBe(ExitStatus.Interrupted);
        output.ToString().ShouldContain("balancedness");
        error.ToString().Trim().ShouldBe("reluflow: interrupted: 1 of 2 claims were checked");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Verify_All_Holds()
    {
        ProgramRun run = ProgramRun.Of("verify", "--all", "--seed", "2", "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        JsonDocument.Parse(run.Output).RootElement.GetArrayLength().ShouldBe(ClaimRegistry.Claims.Count);
    }

    private (int Status, string Output, string Error) Verify(IReadOnlyList<Claim> claims, bool json)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int status = VerifyCommand.Verify(new Terminal { Output = output, Error = error, Clock = new StoppedClock() }, claims, new VerifyCommand.Request(3, 5, 0, _folder["failing"], json), CancellationToken.None);
        return (status, output.ToString(), error.ToString());
    }

    private static Instance Toy() =>
        new(BuiltinDatasets.Make("orthogonal-toy", 1).WithBias(), Initialization.Balanced(4, 1, hasBias: true, new LogNumber(-5), 1)) { Time = 1 };

    // No line of progress, however busy the machine.
    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    private sealed class Wrong() : Claim("wrong", "a test", "test", "none", new Quantity("deviation", 1))
    {
        public override Trial Try(RandomStream stream, CancellationToken cancellation) => Trial.Of(Toy(), 2);
    }

    private sealed class Cancelling(CancellationTokenSource source) : Claim("cancelling", "a test", "test", "none", new Quantity("deviation", 1))
    {
        public override Trial Try(RandomStream stream, CancellationToken cancellation)
        {
            source.Cancel();
            cancellation.ThrowIfCancellationRequested();
            return Trial.Of(Toy(), 0);
        }
    }
}
