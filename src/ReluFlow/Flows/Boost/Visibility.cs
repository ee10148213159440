using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <summary>Which neurons are too small to be seen in the signal, and for how long: what makes a plateau cheap.</summary>
/// <param name="tolerance">The relative error of the signal that is allowed.</param>
/// <param name="signal">The signal, whose unit it is measured in.</param>
/// <param name="largestInput">The largest ‖x_k‖.</param>
/// <param name="width">m.</param>
internal sealed class Visibility(double tolerance, RaySignal signal, double largestInput, int width)
{
    /// <summary>Changes of the signal below this share of the tolerance are not felt.</summary>
    private const double Unfelt = 1e-4;

    /// <summary>A first step: to where the largest neuron may first be seen if it grows as fast as any can.</summary>
    /// <param name="largestRate">A bound of ‖D‖; 0 where nothing can move.</param>
    /// <param name="neurons">The start.</param>
    /// <param name="end">The time at which the run ends, perhaps ∞.</param>
    public double FirstStep(double largestRate, INeurons neurons, double end)
    {
        if (largestRate == 0)
        {
            return double.IsFinite(end) ? end : 1;
        }

        double visible = 0.5 * Math.Log(0.01 * tolerance / width);
        return Math.Max(1e-3, visible - TensorPrimitives.Max(neurons.LogScales)) / largestRate;
    }

    /// <summary>
    /// The time after which the first of the neurons that cannot be seen now could be: growth at its present ‖D_j‖. A first step goes to where none moves the
    /// signal yet, so that it is constant and costs one segment a neuron however long it is; the next to where one begins to be seen.
    /// </summary>
    public double VisibleAfter(INeurons neurons)
    {
        double seen = LogSizeOfSignal(1), felt = LogSizeOfSignal(Unfelt), least = double.PositiveInfinity;
        ReadOnlySpan<double> logScales = neurons.LogScales, rates = neurons.Rates;
        for (int j = 0; j < logScales.Length; j++)
        {
            double toFelt = felt - logScales[j], distance = toFelt > 0.5 ? toFelt : seen - logScales[j];
            if (distance > 0.5 && rates[j] > 0)
            {
                least = Math.Min(least, distance / rates[j]);
            }
        }

        return least;
    }

    /// <summary>
    /// Marks neurons that will not be seen within the step at twice their present rate of growth. A wrong guess costs a pass, no accuracy: the pass that
    /// settles a step always takes all neurons.
    /// </summary>
    public void MarkIdle(double step, INeurons neurons)
    {
        double invisible = LogSizeOfSignal(Unfelt);
        ReadOnlySpan<double> logScales = neurons.LogScales, rates = neurons.Rates;
        Span<bool> idle = neurons.Idle;
        for (int j = 0; j < logScales.Length; j++)
        {
            idle[j] = logScales[j] + (2 * step * rates[j]) < invisible;
        }
    }

    /// <summary>ρ at which the neurons together change the signal by a share of the tolerance.</summary>
    private double LogSizeOfSignal(double share) => 0.5 * Math.Log(share * tolerance * signal.Scale / largestInput / width);
}
