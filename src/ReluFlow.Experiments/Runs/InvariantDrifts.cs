namespace ReluFlow.Experiments.Runs;

/// <summary>How far what the flow conserves has drifted; see <see cref="Flows.Invariants"/>.</summary>
public sealed record InvariantDrifts
{
    /// <summary>max_j |(‖a_j‖² − ‖w_j‖²)(t) − (‖a_j‖² − ‖w_j‖²)(0)| / (‖a_j‖² + ‖w_j‖²)(t); NaN where it is not defined.</summary>
    public double BalancednessDrift { get; init; } = double.NaN;

    /// <summary>|L(0) − L(t) − ∫‖∇L‖² dt| / L(0); NaN where it is not defined, as for L(0) = 0.</summary>
    public double EnergyError { get; init; } = double.NaN;
}
