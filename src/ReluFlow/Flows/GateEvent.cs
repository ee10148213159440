namespace ReluFlow.Flows;

/// <summary>What happens to the gate of a neuron on a sample.</summary>
public enum GateEventKind
{
    /// <summary>The gate opens: ⟨w_j, x_k⟩ becomes positive.</summary>
    Activated,

    /// <summary>The gate closes.</summary>
    Deactivated,

    /// <summary>The neuron begins to slide along ⟨w_j, x_k⟩ = 0.</summary>
    SlideEnter,

    /// <summary>The neuron leaves the boundary it slid along.</summary>
    SlideExit,
}

/// <summary>A change of a gate.</summary>
/// <param name="Time">Flow time.</param>
/// <param name="Neuron">j.</param>
/// <param name="Sample">k.</param>
/// <param name="Kind">What happened.</param>
public readonly record struct GateEvent(double Time, int Neuron, int Sample, GateEventKind Kind);
