namespace ReluFlow.Flows.Boost;

/// <summary>
/// Whether a point with positive loss is one that the flow does not leave: a spurious critical point, or a saddle that no neuron escapes. [H]
/// </summary>
/// <remarks>
/// Working definition of ours. (i) With the minimum-norm subgradient, the loss would change by less than 1e-6 of itself over another time as long as the
/// run so far: ‖∇L‖² t ≤ 1e-6 L. (ii) With the residual frozen, no neuron that cannot be seen now grows by a factor e within a thousand times that time.
/// </remarks>
internal sealed class Stationarity(InputSpan span, NeuronSweep sweep, RaySignal signal)
{
    private const double LeastChange = 1e-6;
    private const double Horizon = 1000;

    /// <summary>A squared size at which a neuron counts as visible, relative to the signal.</summary>
    private const double VisibleSquare = 1e-6;

    private readonly StepSignal _frozen = new(span.Rays, signal.Outputs, 1);

    /// <summary>Judges a point. Cost of one pass over the neurons.</summary>
    public bool Holds(NeuronStates states, NeuronStates scratch, ReadOnlySpan<double> b, (double Time, double Loss, double GradientNorm) at)
    {
        if (at.Loss <= 0 || at.Time <= 0 || at.GradientNorm * at.GradientNorm * at.Time > LeastChange * at.Loss)
        {
            return false;
        }

        double step = Horizon * at.Time;
        _frozen.SetConstant(b, step);
        if (signal.Outputs > 1)
        {
            return NothingMoves(states, step);
        }

        SweepOutcome outcome = sweep.Move(new PropagationRequest { Signal = _frozen }, states, scratch, which: null, []);
        double visible = 0.5 * Math.Log(VisibleSquare * signal.Scale / states.Width);
        bool grown = false;
        for (int j = 0; j < states.Width && !grown; j++)
        {
            grown = states.LogScales[j] < visible && scratch.LogScales[j] > states.LogScales[j] + 1;
        }

        return outcome.Completed && !grown;
    }

    /// <summary>Several outputs: a neuron with any pull at all grows in the end unless it points exactly away, so no pull may be left.</summary>
    private bool NothingMoves(NeuronStates states, double step)
    {
        bool moves = false;
        for (int j = 0; j < states.Width && !moves; j++)
        {
            moves = sweep.Rates[j] * step > 1;
        }

        return !moves;
    }
}
