using ReluFlow.Benchmarks.Peers;
using ReluFlow.Flows;

namespace ReluFlow.Benchmarks.Problems;

/// <summary>A method that has no formula in common with the event-exact flow.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Setting">Its tolerance or step.</param>
/// <param name="Dynamics">What follows the flow.</param>
/// <param name="IsFirstOrder">Whether its distance from the reference is its own error, which falls like its tolerance or its step: it then confirms few digits.</param>
internal sealed record Witness(string Method, double Setting, IDynamics Dynamics, bool IsFirstOrder)
{
    /// <summary>Dormand–Prince in polar coordinates with located gates; follows no slides.</summary>
    public static Witness ReferenceFlow(double tolerance) => new("ReferenceFlow", tolerance, new ReferenceFlow(new ReferenceFlowOptions { Tolerance = tolerance }), false);

    /// <summary>Dormand–Prince in angles, with located kinks and slides; two coordinates only.</summary>
    public static Witness Polar(double tolerance) => new("Dormand–Prince in angles", tolerance, new PolarFlow(tolerance), false);

    /// <summary>Dormand–Prince that knows of no gates and puts neurons back to ‖w‖² = a² after every step.</summary>
    public static Witness Rebalanced(double tolerance) => new("Dormand–Prince, rebalanced", tolerance, new LogPolarDormandPrince(tolerance, rebalanced: true), true);

    /// <summary>Gradient descent with two steps, extrapolated to none.</summary>
    public static Witness Descent(double step) => new("gradient descent, extrapolated", step, new ExtrapolatedDescent(step), true);
}
