using ReluFlow.Flows;

namespace ReluFlow.Experiments.Specs;

/// <summary>The law by which the network moves.</summary>
public abstract record DynamicsSpec
{
    /// <summary>The method's name in a spec.</summary>
    public abstract string Method { get; }
}

/// <summary>An integrator of gradient flow.</summary>
public enum FlowIntegrator
{
    /// <summary><see cref="BoostFlow"/>: follows slides, and its cost does not depend on λ.</summary>
    Boost,

    /// <summary><see cref="ReferenceFlow"/>: a second opinion by another route, which ends where a slide would begin.</summary>
    Reference,
}

/// <summary>Gradient flow.</summary>
public sealed record GradientFlowSpec : DynamicsSpec
{
    /// <inheritdoc/>
    public override string Method => "gradient-flow";

    /// <summary>The error aimed at, as <see cref="BoostFlowOptions.Tolerance"/> and <see cref="ReferenceFlowOptions.Tolerance"/> say.</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Which integrator follows the flow.</summary>
    public FlowIntegrator Integrator { get; init; } = FlowIntegrator.Boost;

    /// <summary>Whether the limit t → ∞ is solved for from the end of the run; <see cref="FlowIntegrator.Boost"/> only.</summary>
    public bool Limit { get; init; }

    /// <summary>Whether neurons with the same gates are moved together; <see cref="FlowIntegrator.Boost"/> only.</summary>
    public Lumping Lumping { get; init; }

    /// <summary>The tolerances that an integrator takes, both ends included.</summary>
    public static (double Least, double Most) Tolerances(FlowIntegrator integrator) =>
        integrator == FlowIntegrator.Boost ? (1e-13, 1) : (ReferenceFlowOptions.SmallestTolerance, 0.1);
}

/// <summary>A descent: steps of one size, each on all samples or on a mini-batch.</summary>
public abstract record DescentSpec : DynamicsSpec
{
    /// <summary>The step on L, positive; each step advances time by as much.</summary>
    public required double Step { get; init; }

    /// <summary>The number of samples of a mini-batch; null for all in every step.</summary>
    public int? Batch { get; init; }

    /// <summary>The seed of the order in which mini-batches take samples; not used where <see cref="Batch"/> is null.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Gradient descent, with or without momentum.</summary>
public sealed record GradientDescentSpec : DescentSpec
{
    /// <inheritdoc/>
    public override string Method => "gradient-descent";

    /// <summary>μ of <see cref="GradientDescentOptions.Momentum"/>.</summary>
    public double Momentum { get; init; }
}

/// <summary>Adam.</summary>
public sealed record AdamSpec : DescentSpec
{
    /// <inheritdoc/>
    public override string Method => "adam";

    /// <summary>β₁ of <see cref="AdamOptions.Beta1"/>.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂ of <see cref="AdamOptions.Beta2"/>.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε of <see cref="AdamOptions.Epsilon"/>.</summary>
    public double Epsilon { get; init; } = 1e-8;
}
