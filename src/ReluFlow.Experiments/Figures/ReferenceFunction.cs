using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>A piecewise-linear function that the learned one is seen beside, dashed: the one of least norm ([GF]), the teacher or the least-squares line ([EA]).</summary>
/// <param name="Name">What a legend calls it.</param>
/// <param name="InWords">What it is.</param>
/// <param name="Points">Its corners and ends from left to right.</param>
internal sealed record ReferenceFunction(string Name, string InWords, IReadOnlyList<(double X, double F)> Points)
{
    private const string Stewart = "stewart", StewartBuiltin = "stewart-40", ThreePoints = "early-alignment-3pt";

    /// <summary>The reference of a run on one-dimensional inputs with a bias between two inputs; null where there is none.</summary>
    public static ReferenceFunction? Of(RunResult run, double low, double high)
    {
        DataSpec data = run.Experiment.Spec.Data;
        return Comparison.PredictionsFor(run.Experiment).Predictions?.MinimumNormNetwork is { } least ? OfNetwork(least, low, high)
            : data is { Source: Stewart, Standardize: false } or { Name: StewartBuiltin, Standardize: false, Classes: null } ? new("teacher", "the teacher", [.. PiecewiseLinearTeacher.Knots])
            : data.Name == ThreePoints ? LeastSquaresLine(run.Experiment.Problem.Data, low, high)
            : null;
    }

    private static ReferenceFunction OfNetwork(ReluNetwork network, double low, double high)
    {
        double[] inputs = [.. Kink.Of(network).Select(kink => kink.Position).Where(x => x > low && x < high).Concat([low, high]).Distinct().Order()];
        return new("least norm", "the function of least norm, to which it tends for λ → 0", [.. inputs.Zip(FunctionPlot.Values(network, inputs))]);
    }

    // The line that minimises Σ (f(x_k) − y_k)²: where a network stays that is active on all samples and grows no kink between them.
    private static ReferenceFunction LeastSquaresLine(Dataset data, double low, double high)
    {
        double[] x = [.. Enumerable.Range(0, data.Samples).Select(k => data.Inputs[k, 0])], y = data.Targets.Values.ToArray();
        double meanX = x.Average(), meanY = y.Average();
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        return new("least squares", "the least-squares line", [(low, Line(low)), (high, Line(high))]);

        double Line(double at) => meanY + (slope * (at - meanX));
    }
}
