using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Tests;

/// <summary>The library's own run of <see cref="Requests.Toy"/>.</summary>
internal static class ToyRun
{
    /// <summary>The toy's inputs with their bias coordinate, by hand.</summary>
    public static readonly double[][] Inputs = [[-0.5, 1], [2, 1]];

    /// <summary>The run from a start of size λ up to a time.</summary>
    public static Trajectory Of(string scale, double time) => new BoostFlow().Follow(Problem(scale), new StopRule { Time = time, Loss = 1e-14 }, SaveTimes.Logarithmic(time, 40));

    /// <summary>Its data, start and loss.</summary>
    public static TrainingProblem Problem(string scale)
    {
        LogNumber.TryParse(scale, out LogNumber lambda).ShouldBeTrue();
        return new TrainingProblem(BuiltinDatasets.Make("orthogonal-toy", 0).WithBias(), Initialization.Balanced(12, 1, true, lambda, 3), Loss.Squared);
    }

    /// <summary>The neurons whose output weight has a sign.</summary>
    public static int[] NeuronsOf(ReluNetwork network, int sign) => [.. Enumerable.Range(0, network.Width).Where(j => Math.Sign(network.OutputWeights[j, 0]) == sign)];
}
