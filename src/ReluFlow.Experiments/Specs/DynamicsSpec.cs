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

    /// <summary>The tolerances that an integrator takes, both ends included.</summary>
    public static (double Least, double Most) Tolerances(FlowIntegrator integrator) =>
        integrator == FlowIntegrator.Boost ? (1e-13, 1) : (ReferenceFlowOptions.SmallestTolerance, 0.1);
}

/// <summary>Gradient descent on the full batch without momentum.</summary>
public sealed record GradientDescentSpec : DynamicsSpec
{
    /// <inheritdoc/>
    public override string Method => "gradient-descent";

    /// <summary>The step on L, positive; each step advances time by as much.</summary>
    public required double Step { get; init; }
}
