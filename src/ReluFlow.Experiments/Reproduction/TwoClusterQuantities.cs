using System.Numerics.Tensors;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>What [Min] states of binary classification where y_k y_l ⟨x_k, x_l⟩ ≥ μ ‖x_k‖ ‖x_l‖, μ &gt; 0, beside a run.</summary>
/// <remarks>
/// S_+ holds the directions that are active on all samples of y = 1 and on no other, S_− those of y = −1, S_dead those that are active on none. [Min] has every positive neuron in S_+
/// or S_dead, every negative one in S_− or S_dead, after a time of order ln n/√μ; then L = O(1/t) and ‖W‖_F² / ‖W‖² has a limit of at most 2.
/// </remarks>
internal static class TwoClusterQuantities
{
    /// <summary>Nothing where the data do not meet the assumption. Cost O(n² d + points · n m d).</summary>
    public static IEnumerable<ComparedQuantity> Of(RunResult run)
    {
        Dataset data = run.Experiment.Problem.Data;
        double correlation = LeastCorrelation(data);
        if (!(correlation > 0))
        {
            yield break;
        }

        TrajectoryPoint end = run.Trajectory.End;
        Camp[] camps = CampsOf(end.Network, data);
        double? aligned = run.Trajectory.Points.Cast<TrajectoryPoint?>().FirstOrDefault(point => CampsOf(point!.Network, data).All(camp => camp != Camp.Elsewhere))?.Time;
        yield return new("camps.correlation", "μ, the least y_k y_l cos(x_k, x_l)", correlation, Standing.Measured);
        yield return new("camps.positive", "neurons in S_+, active on all of y = 1 alone", camps.Count(camp => camp == Camp.Positive), Standing.Measured);
        yield return new("camps.negative", "neurons in S_−, active on all of y = −1 alone", camps.Count(camp => camp == Camp.Negative), Standing.Measured);
        yield return new("camps.dead", "neurons in S_dead, active on none", camps.Count(camp => camp == Camp.Dead), Standing.Measured);
        yield return new("camps.elsewhere", "neurons elsewhere", camps.Count(camp => camp == Camp.Elsewhere), Standing.Measured, new(0, Standing.Theory));
        yield return new("camps.aligned", "first kept t at which no neuron is elsewhere", aligned, Standing.Measured);
        yield return new("camps.aligned.scaled", "   times √μ / ln n, bounded in theory", aligned * Math.Sqrt(correlation) / Math.Log(data.Samples), Standing.Measured);
        if (run.Experiment.Problem.Loss != Loss.Squared)
        {
            yield return new("camps.loss-time", "L · t at the end", end.Loss * end.Time, Standing.Measured);
            yield return new("camps.loss-time.largest", "   largest, bounded in theory", run.Trajectory.Points.Max(point => point.Loss * point.Time), Standing.Measured);
        }

        yield return new("camps.stable-rank", "stable rank ‖W‖_F² / ‖W‖² (in theory at most 2 as t → ∞)", 1 / PrincipalDirections.Of(end.Network).ExplainedVariance[0], Standing.Measured);
    }

    private enum Camp
    {
        Elsewhere,
        Positive,
        Negative,
        Dead,
    }

    private static double LeastCorrelation(Dataset data)
    {
        if (data.OutputDimension != 1 || data.Targets.Values.ToArray().Any(target => Math.Abs(target) != 1))
        {
            return double.NaN;
        }

        double least = double.PositiveInfinity;
        for (int k = 0; k < data.Samples; k++)
        {
            for (int l = 0; l < k; l++)
            {
                least = Math.Min(least, data.Targets[k, 0] * data.Targets[l, 0] * TensorPrimitives.CosineSimilarity(data.Inputs.Row(k), data.Inputs.Row(l)));
            }
        }

        return double.IsFinite(least) ? least : double.NaN;
    }

    private static Camp[] CampsOf(ReluNetwork network, Dataset data)
    {
        var pattern = ActivationPattern.Of(network, data.Inputs);
        return [.. Enumerable.Range(0, network.Width).Select(j =>
        {
            ReadOnlySpan<bool> gates = pattern.Row(j);
            bool positive = true, negative = true, dead = true;
            for (int k = 0; k < gates.Length; k++)
            {
                positive &= gates[k] == data.Targets[k, 0] > 0;
                negative &= gates[k] == data.Targets[k, 0] < 0;
                dead &= !gates[k];
            }

            bool risesOnPositive = network.OutputWeights[j, 0] > 0;
            return dead ? Camp.Dead : positive && risesOnPositive ? Camp.Positive : negative && !risesOnPositive ? Camp.Negative : Camp.Elsewhere;
        })];
    }
}
