using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>All neurons of a run: where they stand now, where a step takes them, and where they are inside it.</summary>
internal interface INeurons
{
    /// <summary>m.</summary>
    int Width { get; }

    /// <summary>ρ now of every neuron, or group of parallel neurons, that is carried on its own.</summary>
    ReadOnlySpan<double> LogScales { get; }

    /// <summary>‖D_j‖ at the end of the last pass, in the order of <see cref="LogScales"/> and units of flow time.</summary>
    ReadOnlySpan<double> Rates { get; }

    /// <summary>Which are too small to be seen during this step: left out of passes that only gather outputs. In the order of <see cref="LogScales"/>.</summary>
    Span<bool> Idle { get; }

    /// <summary>Segments computed so far: the unit of work.</summary>
    long Segments { get; }

    /// <summary>Moves the neurons of now by a step, not yet accepted, and adds their outputs at the nodes into <paramref name="outputs"/> (nodes × N × c, overwritten).</summary>
    /// <param name="request">What to do.</param>
    /// <param name="idleToo">False leaves idle neurons out.</param>
    /// <param name="outputs">Outputs at the nodes.</param>
    SweepOutcome Move(PropagationRequest request, bool idleToo, Span<double> outputs);

    /// <summary>Moves the neurons of now to a point inside the step; f there (N × c) goes to <paramref name="outputs"/> unless that is empty.</summary>
    SweepOutcome MoveInside(PropagationRequest request, Span<double> outputs);

    /// <summary>Makes where the last <see cref="Move"/> led the neurons of now.</summary>
    void Accept();

    /// <summary>Gate changes recorded by the last <see cref="Move"/>, in order of σ and then of neuron.</summary>
    IEnumerable<StepEvent> Events();

    /// <summary>Whether two neurons point the same way, to the last bits, where the last <see cref="Move"/> led.</summary>
    bool AreParallelAfter(int neuron, int other);

    /// <summary>max_j |(‖a‖² − ‖w‖²) − its first value| relative to the present size, now.</summary>
    double BalancednessDrift();

    /// <summary>f on the rays now (N × c) as the carried gates have it.</summary>
    void OutputsOnRays(Span<double> outputs);

    /// <summary>max_k Σ_j ‖a_j‖ |z_jk| over the open gates, now: the size of the terms that f adds up.</summary>
    double LargestSum();

    /// <summary>Overwrites <paramref name="kernel"/> (N c × N c) by K now, f' = K b.</summary>
    void WriteKernel(Span<double> kernel);

    /// <summary>‖∇L‖² now for a constant signal, with the minimum-norm subgradient for neurons that slide.</summary>
    double SquaredSubgradient(StepSignal signal);

    /// <summary>max_j (ρ_j inside − ρ_j now), after <see cref="MoveInside"/>.</summary>
    double LargestGrowthInside();

    /// <summary>Gates of a neuron now, length RayStride.</summary>
    ReadOnlySpan<byte> GatesOf(int neuron);

    /// <summary>The network now.</summary>
    ReluNetwork ToNetwork();

    /// <summary>The network after <see cref="MoveInside"/>.</summary>
    ReluNetwork ToNetworkInside();

    /// <summary>The neurons of now, each for itself.</summary>
    NeuronStates ToStates();
}
