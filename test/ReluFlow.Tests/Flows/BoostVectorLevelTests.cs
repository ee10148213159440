using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using ReluFlow.Flows;

namespace ReluFlow.Tests.Flows;

/// <summary>The kernels and a run with slides on processors with fewer vector instructions: a child process with the instructions switched off repeats their tests.</summary>
public sealed class BoostVectorLevelTests
{
    /// <summary>Set in the child: the switch that must be in force there.</summary>
    private const string Switch = "RELUFLOW_VECTOR_SWITCH";

    private const double SlideTime = 8;

    /// <summary>A hundred times the tolerance: errors made while the network is small grow with it.</summary>
    private const double Agreement = 1e-7;

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    [Trait("Category", "Slow")]
    public async Task Kernels_InstructionsSwitchedOff_PassTheirTests(string name)
    {
        string assembly = typeof(BoostVectorLevelTests).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", ["test", assembly, "--filter", $"Category={BoostMomentKernelTests.VectorLevel}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [name] = "0", [Switch] = name },
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        string printed = await output;
        process.ExitCode.ShouldBe(0, printed + await error);

        // A filter that finds nothing exits with 0 too.
        printed.ShouldContain("Passed!");
    }

    [Theory]
    [Trait("Category", BoostMomentKernelTests.VectorLevel)]
    [InlineData(1, 6UL)]
    [InlineData(3, 6UL)]
    public void Follow_ProblemWithSlides_AgreesWithRungeKutta(int outputs, ulong seed)
    {
        // Wide enough for full vectors with a remainder: n = 11, d = 9.
        RandomProblem drawn = new() { Seed = seed, Outputs = outputs, Start = outputs == 1 ? "balanced" : "normal", Samples = 11, Inputs = 9, Width = 10, Scale = 0.1 };
        TrainingProblem problem = drawn.Make();
        var oracle = SlidingRungeKutta.Follow(problem, SlideTime, 1e-2);
        oracle.Slides.ShouldBeGreaterThan(0);
        oracle.Branched.ShouldBeFalse();
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = 1e-9 }).Follow(problem, new StopRule { Time = SlideTime }, SaveTimes.EndsOnly);
        FlowProblems.RelativeDistance(FlowProblems.TrueWeights(run.End.Network), oracle.End.ShouldNotBeNull()).ShouldBeLessThan(Agreement);
    }

    [Fact]
    [Trait("Category", BoostMomentKernelTests.VectorLevel)]
    public void Process_WithASwitch_HasNoSuchInstructions()
    {
        bool[] absent = Environment.GetEnvironmentVariable(Switch) switch
        {
            "DOTNET_EnableAVX512" => [!Avx512F.IsSupported],
            "DOTNET_EnableAVX2" => [!Avx512F.IsSupported, !Avx2.IsSupported],
            "DOTNET_EnableHWIntrinsic" => [!Avx512F.IsSupported, !Avx2.IsSupported, !Avx.IsSupported],
            _ => [],
        };
        absent.ShouldAllBe(isAbsent => isAbsent);
    }
}
