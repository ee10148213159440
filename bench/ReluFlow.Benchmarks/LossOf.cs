using ReluFlow.Benchmarks.Problems;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks;

/// <summary>L of networks on a problem.</summary>
internal static class LossOf
{
    /// <summary>L at the start.</summary>
    public static double Start(FlowProblem problem) => Network(problem.Training.Start, problem.Training);

    /// <summary>L of a network.</summary>
    public static double Network(ReluNetwork network, TrainingProblem training)
    {
        var outputs = new double[training.Data.Samples * network.OutputDimension];
        network.Evaluate(training.Data.Inputs, outputs);
        return training.Loss.Mean(outputs, training.Data.Targets);
    }
}
