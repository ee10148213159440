namespace ReluFlow.Capacity;

/// <summary>The largest root-mean-square change of outputs on the training inputs that is allowed: τ √(mean_k ‖f(x_k)‖²).</summary>
/// <param name="Share">τ.</param>
/// <param name="RmsOutput">√(mean_k ‖f(x_k)‖²) of the original outputs.</param>
public sealed record OutputTolerance(double Share, double RmsOutput)
{
    /// <summary>Whether a measured change is within it.</summary>
    public bool Admits(OutputChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return change.Rms <= Share * RmsOutput;
    }

    /// <summary>Whether a bound, rounding included, proves a change to be within it.</summary>
    /// <param name="bound">The bound.</param>
    /// <param name="rmsInputNorm">√(mean_k ‖x_k‖²) of the training inputs.</param>
    public bool Admits(ChangeBound bound, double rmsInputNorm)
    {
        ArgumentNullException.ThrowIfNull(bound);
        return bound.AtTrainingInput(rmsInputNorm) <= Share * RmsOutput;
    }
}
