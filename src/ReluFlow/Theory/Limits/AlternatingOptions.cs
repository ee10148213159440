namespace ReluFlow.Theory.Limits;

/// <summary>Options of <see cref="AlternatingProcess"/>.</summary>
public sealed record AlternatingOptions
{
    /// <summary>Tolerance of the flow between saddles, in [1e-13, 1e-4], default 1e-9.</summary>
    public double Tolerance
    {
        get;
        init => field = value is >= 1e-13 and <= 1e-4 ? value : throw new ArgumentOutOfRangeException(nameof(Tolerance), value, $"The tolerance is {value}; a number in [1e-13, 1e-4] is expected.");
    } = 1e-9;

    /// <summary>Jumps after which the process ends; positive, default 100.</summary>
    public int MaximumJumps
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(MaximumJumps), value, $"The limit on jumps is {value}; a positive number is expected.");
    } = 100;

    /// <summary>Relative distance in τ below which jumps of neurons that are not parallel count as coincident; not negative, default <see cref="JumpProcess.DefaultCoincidenceDistance"/>.</summary>
    public double CoincidenceDistance
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(CoincidenceDistance), value, $"The coincidence distance is {value}; a number ≥ 0 is expected.");
    } = JumpProcess.DefaultCoincidenceDistance;

    /// <summary>The largest flow time between two saddles, in units of the inverse of (1/n) Σ |r_k| ‖x_k‖ at the first; in [1, 50000], default 20,000.</summary>
    public double TransitionTime
    {
        get;
        init => field = value is >= 1 and <= 50_000 ? value : throw new ArgumentOutOfRangeException(nameof(TransitionTime), value, $"The transition time is {value}; a number in [1, 50000] is expected.");
    } = 20_000;
}
