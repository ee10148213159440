using System.Diagnostics;

namespace ReluFlow.Tests.Flows;

/// <summary>The tests of the vectorised kernels again, in processes whose registers are narrower or that have none.</summary>
public class SimdWidthTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    [Trait("Category", "Slow")]
    public async Task SimdTwins_NarrowerRegisters_HoldToo(string knob)
    {
        string[] arguments = ["vstest", typeof(SimdWidthTests).Assembly.Location, $"--TestCaseFilter:FullyQualifiedName~{nameof(SimdTwinTests)}"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[knob] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(0, output + await error);
        output.ShouldContain("Passed");
    }
}
