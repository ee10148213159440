using System.Globalization;
using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks;

/// <summary>Where a run ended that did not end at the reference, in words. Nothing is known beforehand of methods or problems: only the two ends are compared.</summary>
internal static class Departure
{
    /// <summary>A relative distance from which on an end counts as another one: inaccurate runs of methods that converge come nearer when they are refined.</summary>
    public const double Far = 0.05;

    /// <summary>‖θ‖ below this share of the reference's has not left the start.</summary>
    private const double Small = 1e-3;

    /// <summary>A loss above so many times the reference's, and above this share of L(0), is another loss.</summary>
    private const double OtherLoss = 3, LossFloor = 1e-4;

    /// <summary>‖∇L‖² below this share of L² per unit of time is at rest: within the time of the problem the loss would change by less than that share.</summary>
    private const double Rest = 0.01;

    /// <summary>A neuron within this angle of a kink sits on it.</summary>
    private const double OnKink = 1e-4;

    /// <summary>One phrase on an end that is far from the reference; null where it is near or not a number is asked for.</summary>
    /// <param name="training">The problem.</param>
    /// <param name="time">T.</param>
    /// <param name="end">θ(T) of the run.</param>
    /// <param name="reference">θ*(T).</param>
    public static string? Of(TrainingProblem training, double time, ReluNetwork end, ReluNetwork reference)
    {
        double distance = TrueWeights.RelativeDistance(end, reference);
        if (distance <= Far)
        {
            return null;
        }

        if (!double.IsFinite(distance))
        {
            return "weights are not finite";
        }

        double loss = LossOf.Network(end, training), expected = LossOf.Network(reference, training), initial = LossOf.Network(training.Start, training);
        double gradient = GradientNorm(end, training);
        string away = string.Create(CultureInfo.InvariantCulture, $"weights {100 * distance:0} % away");
        int gates = OtherGates(training.Data.Inputs, end, reference);
        return Math.Sqrt(end.SquaredNorm) < Small * Math.Sqrt(reference.SquaredNorm) ? Start(end)
            : loss > OtherLoss * expected && loss > LossFloor * initial
                ? $"L = {Text.Error(loss)} instead of {Text.Error(expected)}{(gradient * gradient * time < Rest * loss ? ", at rest: stays at a saddle or a local minimum" : "")}; {away}"
            : $"L = {Text.Error(loss)} beside {Text.Error(expected)}, but {away}, {gates:N0} of {training.Data.Samples * end.Width:N0} gates differ";
    }

    /// <summary>On how many kinks a stopped run sits: a solver that takes ever smaller steps there chatters across them. Null where there are none.</summary>
    public static string? Stopped(TrainingProblem training, ReluNetwork end)
    {
        int count = 0;
        for (int j = 0; j < end.Width; j++)
        {
            ReadOnlySpan<double> w = end.InputWeights.Row(j);
            double norm = TensorPrimitives.Norm(w);
            for (int k = 0; k < training.Data.Samples; k++)
            {
                ReadOnlySpan<double> x = training.Data.Inputs.Row(k);
                count += Math.Abs(TensorPrimitives.Dot(w, x)) <= OnKink * norm * TensorPrimitives.Norm(x) ? 1 : 0;
            }
        }

        return count > 0 ? $"stopped on {count:N0} kinks" : null;
    }

    private static string Start(ReluNetwork end) => end.SquaredNorm == 0
        ? "has not left the start: the weights are 0 (underflow)"
        : $"has not left the start: ‖θ‖ = {Text.Error(Math.Sqrt(end.SquaredNorm))}";

    private static double GradientNorm(ReluNetwork network, TrainingProblem training)
    {
        Dataset data = training.Data;
        double[] outputs = new double[data.Samples], residual = new double[data.Samples];
        network.Evaluate(data.Inputs, outputs);
        training.Loss.ResidualSignal(outputs, data.Targets, residual);
        return Gradient.Descent(network, data.Inputs, ActivationPattern.Of(network, data.Inputs), residual).Norm;
    }

    private static int OtherGates(Matrix inputs, ReluNetwork network, ReluNetwork reference)
    {
        ActivationPattern mine = ActivationPattern.Of(network, inputs), theirs = ActivationPattern.Of(reference, inputs);
        return Enumerable.Range(0, network.Width).Sum(j =>
        {
            ReadOnlySpan<bool> row = mine.Row(j), other = theirs.Row(j);
            int count = 0;
            for (int k = 0; k < row.Length; k++)
            {
                count += row[k] != other[k] ? 1 : 0;
            }

            return count;
        });
    }
}
