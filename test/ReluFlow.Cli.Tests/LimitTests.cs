using System.Text.Json;

namespace ReluFlow.Cli.Tests;

public sealed class LimitTests : IDisposable
{
    // The program prints 17 digits of sums of two terms.
    private const double Rounding = 1e-12;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Limit_Toy_ShowsBothJumpsAndWhatTheyRestOn()
    {
        var run = ProgramRun.Of("limit", "orthogonal-toy", "--width", "60", "--seed", "1");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Error.ShouldBeEmpty();
        run.Output.ShouldContain("Orthogonal inputs");
        run.Output.ShouldContain("[D]");
        run.Output.ShouldContain("0.89442719");
        run.Output.ShouldContain("1.7888544");
        run.Output.ShouldContain("2.6832816");
        run.Output.ShouldContain("Interpolates.");
    }

    [Fact]
    public void Limit_ToyAsJson_HasTheClosedForm()
    {
        JsonElement limit = Json("limit", "orthogonal-toy", "--width", "60", "--json");

        limit.GetProperty("process").GetString().ShouldBe("orthogonal-jumps");
        limit.GetProperty("status").GetString().ShouldBe("interpolated");
        JsonElement[] jumps = [.. limit.GetProperty("jumps").EnumerateArray()];
        jumps.Select(jump => jump.GetProperty("rescaled_time").GetDouble()).ShouldBe([1 / Math.Sqrt(1.25), 1 / Math.Sqrt(0.3125)], Rounding);
        jumps[1].GetProperty("squared_norm").GetDouble().ShouldBe(2 * ((1 / Math.Sqrt(1.25)) + (1 / Math.Sqrt(5))), Rounding);
        limit.GetProperty("plateau_losses").EnumerateArray().Select(loss => loss.GetDouble()).ShouldBe([0.5, 0.25, 0], Rounding);
    }

    [Fact]
    public void Limit_FileWithBias_IsTheBuiltInSet()
    {
        string file = _folder.Write("toy.csv", "-0.5,-1\n2,1\n");

        JsonElement limit = Json("limit", file, "--bias", "--width", "60", "--json");

        limit.GetProperty("input_dimension").GetInt32().ShouldBe(2);
        limit.GetProperty("jumps")[0].GetProperty("rescaled_time").GetDouble().ShouldBe(1 / Math.Sqrt(1.25), Rounding);
        Json("limit", file, "--width", "60", "--json").GetProperty("input_dimension").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Limit_GeneralData_SaysThatItIsAWorkingDefinition()
    {
        var run = ProgramRun.Of("limit", "nonorthogonal-toy", "--width", "60");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("working definition");
        run.Output.ShouldContain("samples 0 and 1");
        run.Output.ShouldContain("Coincidence at");
        JsonElement limit = Json("limit", "early-alignment-3pt", "--width", "20", "--scheme", "dominated", "--json");
        limit.GetProperty("rests_on").GetString().ShouldBe("working-definition");
        limit.GetProperty("jumps")[0].GetProperty("time_correction").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Limit_SampleThatNobodySees_IsSaid()
    {
        var run = ProgramRun.Of("limit", "orthogonal-toy", "--width", "1");

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldContain("Does not interpolate");
    }

    [Fact]
    public void Limit_NarrowAsciiTerminal_FitsIt()
    {
        var run = ProgramRun.With(new ProgramRun.Settings { Unicode = false, Width = 80 }, "limit", "orthogonal-toy", "--width", "60");

        run.Output.ShouldAllBe(c => c < 128);
        run.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    [Theory]
    [InlineData("DATA is missing", "--width", "3")]
    [InlineData("--width", "orthogonal-toy")]
    [InlineData("'none'; a whole number from 1", "orthogonal-toy", "--width", "none")]
    [InlineData("'0'; a whole number from 1", "orthogonal-toy", "--width", "0")]
    [InlineData("'-1'; a whole number from 0", "orthogonal-toy", "--width", "3", "--seed", "-1")]
    [InlineData("'blanced'; expected one of balanced", "orthogonal-toy", "--width", "3", "--scheme", "blanced")]
    [InlineData("neither a file nor a built-in data set", "orthogonal-tyo", "--width", "3")]
    [InlineData("numbers, and at most", "orthogonal-toy", "--width", "2000000000")]
    public void Limit_BadInput_IsOneClearLine(string said, params string[] arguments) => ProgramRun.Of(["limit", .. arguments]).ShouldBeOneClearLine(said);

    [Fact]
    public void Limit_TargetsThatAreAllZero_AreRefused() =>
        ProgramRun.Of("limit", _folder.Write("zero.csv", "1,0\n2,0\n"), "--width", "3").ShouldBeOneClearLine("zero", "all of them 0");

    private static JsonElement Json(params string[] arguments)
    {
        var run = ProgramRun.Of(arguments);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
