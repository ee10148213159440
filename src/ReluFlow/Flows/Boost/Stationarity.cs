namespace ReluFlow.Flows.Boost;

/// <summary>
/// Whether a point with positive loss is one that the flow does not leave: a spurious critical point, or a saddle that no neuron escapes. [H]
/// </summary>
/// <remarks>
/// Working definition of ours. (i) With the minimum-norm subgradient, the loss would change by less than 1e-6 of itself over another time as long as the
/// run so far, which was long enough for a neuron to grow by e^10: ‖∇L‖² t ≤ 1e-6 L. (ii) With the residual frozen, no neuron grows by a factor e within a thousand
/// times that time.
/// </remarks>
internal sealed class Stationarity(InputSpan span, INeurons neurons, RaySignal signal)
{
    private const double LeastChange = 1e-6;
    private const double Horizon = 1000;

    /// <summary>A run shorter than this many times the time in which a neuron could grow by e under the present residual has shown nothing.</summary>
    private const double LeastRapidity = 10;

    private readonly StepSignal _frozen = new(span.Rays, signal.Outputs, 1);

    /// <summary>Judges a point. Cost of one pass over the neurons.</summary>
    public bool Holds(ReadOnlySpan<double> b, (double Time, double Loss, double GradientNorm) at)
    {
        bool isLong = at.Time * span.GatedNormBound(b, signal.Outputs) > LeastRapidity;
        if (at.Loss <= 0 || !isLong || at.GradientNorm * at.GradientNorm * at.Time > LeastChange * at.Loss)
        {
            return false;
        }

        double step = Horizon * at.Time;
        _frozen.SetConstant(b, step);
        if (signal.Outputs > 1)
        {
            return NothingMoves(step);
        }

        SweepOutcome outcome = neurons.MoveInside(new PropagationRequest { Signal = _frozen }, []);
        return outcome.Completed && neurons.LargestGrowthInside() <= 1;
    }

    /// <summary>Several outputs: a neuron with any pull at all grows in the end unless it points exactly away, so no pull may be left.</summary>
    private bool NothingMoves(double step)
    {
        foreach (double rate in neurons.Rates)
        {
            if (rate * step > 1)
            {
                return false;
            }
        }

        return true;
    }
}
