namespace ReluFlow.Flows.Boost;

/// <summary>What one pass over the neurons is to do.</summary>
internal sealed record PropagationRequest
{
    /// <summary>The signal over the step.</summary>
    public required StepSignal Signal { get; init; }

    /// <summary>σ at which to stop, in (0, 1].</summary>
    public double End { get; init; } = 1;

    /// <summary>Nodes at which outputs are gathered, increasing; empty for none.</summary>
    public double[] Nodes { get; init; } = [];

    /// <summary>Gate changes that would kink the residual signal by more than this (relative) are reported instead of taken; ∞ takes them all.</summary>
    public double SignificantKink { get; init; } = double.PositiveInfinity;

    /// <summary>The closest approach known so far: only closer ones are reported.</summary>
    public double KnownClearance { get; init; } = 1;

    /// <summary>Whether the state at the end is wanted; a pass that only gathers outputs leaves it unwritten.</summary>
    public bool Moves { get; init; } = true;

    /// <summary>Whether gate changes, clearances and the energy integral are wanted.</summary>
    public bool Record { get; init; }
}

/// <summary>A gate change inside a step.</summary>
/// <param name="Sigma">Where in the step, 0 … 1.</param>
/// <param name="Neuron">j.</param>
/// <param name="Ray">The ray whose gate changed.</param>
/// <param name="Kind">What happened.</param>
internal readonly record struct StepEvent(double Sigma, int Neuron, int Ray, GateEventKind Kind);

/// <summary>The closest approach of a neuron to a boundary that it did not reach.</summary>
/// <param name="Value">|⟨w, x⟩| / (‖w‖ ‖x‖) at the turning point.</param>
/// <param name="Sigma">Where in the step.</param>
/// <param name="Neuron">j.</param>
/// <param name="Ray">The ray; −1 where none came closer than was known.</param>
internal readonly record struct StepClearance(double Value, double Sigma, int Neuron, int Ray);
