using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>In how many directions the neurons of a network with more than two input coordinates end, and when each sign's targets are fitted where the loss asks for that.</summary>
internal static class DirectionQuantities
{
    /// <summary>Strong neurons of one sign at this cosine or above have one direction: the threshold of [Race].</summary>
    public const double Cosine = 0.99;

    /// <summary>Nothing for two input coordinates, where kinks say more, or for several outputs.</summary>
    public static IEnumerable<ComparedQuantity> Of(RunResult run)
    {
        Dataset data = run.Experiment.Problem.Data;
        if (data.InputDimension <= 2 || data.OutputDimension != 1)
        {
            yield break;
        }

        // On orthogonal inputs the theory speaks for itself, or an assumption of it fails and nothing is predicted.
        bool isCarriedOver = run.Experiment.Spec.Initial is { Scheme: InitialScheme.Balanced, Scale.Log: < 0 } && !OrthogonalAssumption.Check(data).Holds;
        bool fitsTargets = run.Experiment.Problem.Loss == Loss.Squared;
        foreach (int sign in (int[])[1, -1])
        {
            if (fitsTargets && Targets(data, sign).Length > 0)
            {
                string name = sign > 0 ? "positive" : "negative";
                double rate = Correlation(data, sign), scale = run.Experiment.Spec.Initial.Scale.Log;
                Prediction? prediction = isCarriedOver ? new(-scale / rate, Standing.WorkingDefinition) : null;
                yield return new($"targets.{name}.loss", $"Σ y²/(2n) of the {name} targets", Targets(data, sign).Sum(k => data.Targets[k, 0] * data.Targets[k, 0]) / (2 * data.Samples), Standing.Measured);
                yield return new($"fit.{name}.time", "   half of their loss is gone, t (predicted as if inputs were orthogonal)", HalfFit(run.Trajectory, data, sign), Standing.WorkingDefinition, prediction);
            }
        }

        ReluNetwork end = run.Trajectory.End.Network;
        yield return new("directions", FormattableString.Invariant($"directions of strong neurons (cosine {Cosine})"), NeuronClusters.Of(end, StrongNeurons.Of(end), new ClusterOptions { Cosine = Cosine, Directions = WeightDirections.IncomingAndOutgoing }).Count, Standing.WorkingDefinition);
        double[] shares = [.. PrincipalDirections.Of(end).ExplainedVariance];
        yield return new("explained.1", "share of Σ‖w‖² along the first principal direction", shares[0], Standing.Measured);
        yield return new("explained.2", "   along the second", shares.ElementAtOrDefault(1), Standing.Measured);
        yield return new("explained.both", "   along both", shares[0] + shares.ElementAtOrDefault(1), Standing.Measured);
    }

    private static int[] Targets(Dataset data, int sign) => [.. Enumerable.Range(0, data.Samples).Where(k => sign * data.Targets[k, 0] > 0)];

    // ‖D_±‖ of the samples of one sign.
    private static double Correlation(Dataset data, int sign)
    {
        var sum = new double[data.InputDimension];
        foreach (int k in Targets(data, sign))
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += data.Targets[k, 0] * data.Inputs[k, i] / data.Samples;
            }
        }

        return Math.Sqrt(sum.Sum(value => value * value));
    }

    // The first kept point at which half of the start's loss on those samples is gone, linear between two of them.
    private static double? HalfFit(Trajectory trajectory, Dataset data, int sign)
    {
        int[] samples = Targets(data, sign);
        var outputs = new double[data.Samples];
        double half = 0, before = 0, time = 0;
        foreach (TrajectoryPoint point in trajectory.Points)
        {
            point.Network.Evaluate(data.Inputs, outputs);
            double loss = samples.Sum(k => Math.Pow(outputs[k] - data.Targets[k, 0], 2));
            if (half == 0)
            {
                half = loss / 2;
            }
            else if (loss <= half)
            {
                return time + ((point.Time - time) * (before - half) / (before - loss));
            }

            (before, time) = (loss, point.Time);
        }

        return null;
    }
}
