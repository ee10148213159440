using ReluFlow.Theory.Limits;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>One size of data and network, and what became of its random starts.</summary>
public sealed record ThresholdCase
{
    /// <summary>n, which is also d.</summary>
    public required int Samples { get; init; }

    /// <summary>m.</summary>
    public required int Width { get; init; }

    /// <summary>Whether m is the width of [Weak], <see cref="InterpolationProbability.WidthFor"/>, not half of it.</summary>
    public required bool IsWide { get; init; }

    /// <summary>The share of the starts that interpolate.</summary>
    public double Share { get; init; }

    /// <summary>Its expectation: the mean of <see cref="InterpolationProbability.Of"/> over the labels drawn.</summary>
    public double Probability { get; init; }

    /// <summary>How far the two are apart, in standard deviations of the share.</summary>
    public double Deviation { get; init; }

    /// <summary>From how many starts the flow was followed.</summary>
    public int Followed { get; init; }

    /// <summary>In how many of them it reaches the loss that ends a run exactly where the gates say so.</summary>
    public int Agreeing { get; init; }

    /// <summary>The bound of [Weak] on <see cref="Probability"/> from below: 1 − n (3/4)^m.</summary>
    public double Bound => 1 - JumpProcess.FailureProbabilityBound(Samples, Width);
}
