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
    /// <summary><see cref="ReferenceFlow"/>.</summary>
    Reference,
}

/// <summary>Gradient flow.</summary>
public sealed record GradientFlowSpec : DynamicsSpec
{
    /// <inheritdoc/>
    public override string Method => "gradient-flow";

    /// <summary>The largest error of one step, as <see cref="ReferenceFlowOptions.Tolerance"/> says, in [1e-14, 0.1].</summary>
    public double Tolerance { get; init; } = 1e-8;

    /// <summary>Which integrator follows the flow.</summary>
    public FlowIntegrator Integrator { get; init; } = FlowIntegrator.Reference;
}

/// <summary>Gradient descent on the full batch without momentum.</summary>
public sealed record GradientDescentSpec : DynamicsSpec
{
    /// <inheritdoc/>
    public override string Method => "gradient-descent";

    /// <summary>The step on L, positive; each step advances time by as much.</summary>
    public required double Step { get; init; }
}
