using System.Text.Json;

namespace ReluFlow.Cli.Tests;

public sealed class MinNormTests : IDisposable
{
    // 1/√1.25 + 1/√5, theory of orthogonal inputs by hand.
    private const double Toy = 1.3416407864998738;

    private const double Rounding = 1e-12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void MinNorm_BuiltinToy_IsCertified()
    {
        ProgramRun run = ProgramRun.Of("min-norm", "orthogonal-toy", "--json");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Error.ShouldBeEmpty();
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        result.GetProperty("primal").GetDouble().ShouldBe(Toy, Rounding);
        result.GetProperty("dual").GetDouble().ShouldBe(Toy, Rounding);
        result.GetProperty("certified").GetBoolean().ShouldBeTrue();
        result.GetProperty("method").GetString().ShouldBe("orthogonal-inputs");
        result.GetProperty("neurons").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void MinNorm_BuiltinToy_ShowsBoundsAndKinks()
    {
        ProgramRun run = ProgramRun.Of("min-norm", "orthogonal-toy");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("1.341640786499");
        run.Output.ShouldContain("the last one the bias");
        run.Output.ShouldMatch("certified .* yes ");
        run.Output.ShouldMatch("-0.5 .* 0.4472136 ");
        run.Output.ShouldContain("kink x");
    }

    [Fact]
    public void MinNorm_File_IsTakenAsItIsUnlessABiasIsAskedFor()
    {
        string file = _folder.Write("toy.csv", "-0.5,-1\n2,1\n");

        Primal("min-norm", file, "--json").ShouldBe(2 + 0.5, Rounding);
        Primal("min-norm", file, "--bias", "--json").ShouldBe(Toy, Rounding);
    }

    [Fact]
    public void MinNorm_Contradiction_IsStatusThreeAndOneLine()
    {
        string file = _folder.Write("twice.csv", "1,2\n1,3\n");

        ProgramRun run = ProgramRun.Of("min-norm", file);

        run.Status.ShouldBe(ExitStatus.SolveFailed);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldStartWith("reluflow: min-norm twice.csv: no network interpolates: samples 0 and 1 lie on one ray");
        run.Error.TrimEnd('\n').ShouldNotContain('\n');

        ProgramRun json = ProgramRun.Of("min-norm", file, "--json");
        JsonElement result = JsonDocument.Parse(json.Output).RootElement;
        result.GetProperty("status").GetString().ShouldBe("infeasible");
        result.TryGetProperty("primal", out _).ShouldBeFalse();
    }

    [Fact]
    public void MinNorm_BadInput_IsOneClearLine()
    {
        ProgramRun.Of("min-norm").ShouldBeOneClearLine("DATA is missing");
        ProgramRun.Of("min-norm", _folder["none.csv"]).ShouldBeOneClearLine("none.csv: neither a file nor a built-in data set");
        ProgramRun.Of("min-norm", "orthogonal-toy", "--bia").ShouldBeOneClearLine("--bia");
    }

    private static double Primal(params string[] arguments) => JsonDocument.Parse(ProgramRun.Of(arguments).Output).RootElement.GetProperty("primal").GetDouble();
}
