namespace ReluFlow.Capacity.Tickets;

/// <summary>How a neuron grows as long as its M stays: p(t) = e^{b + 2 s t}.</summary>
internal sealed record StartingGrowth
{
    /// <summary>b = H − ln 4, H the head start; ln ‖a‖‖w‖ for a neuron without a target.</summary>
    public required double LogBase { get; init; }

    /// <summary>s; 0 for a neuron without a target.</summary>
    public double Pull { get; init; }

    /// <summary>ln V: the norm product at which it would stop alone, along its target.</summary>
    public double LogSaturation { get; init; }

    /// <summary>The coordinate and sign of the largest entry of q; null for a neuron without a target.</summary>
    public (int Output, int Sign)? Group { get; init; }

    /// <summary>p, a unit vector of length d.</summary>
    public double[] Incoming { get; init; } = [];

    /// <summary>q, a unit vector of length c.</summary>
    public double[] Outgoing { get; init; } = [];

    /// <summary>b + 2 s t.</summary>
    public double LogNormProduct(double time) => LogBase + (2 * Pull * time);
}
