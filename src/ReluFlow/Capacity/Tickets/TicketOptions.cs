namespace ReluFlow.Capacity.Tickets;

/// <summary>How a lottery ticket is searched for.</summary>
public sealed record TicketOptions
{
    /// <summary>The unit.</summary>
    public TicketUnit Unit { get; init; }

    /// <summary>R, the number of rounds of pruning at most, at least 1; a search ends before where one unit a layer is left.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Rounds { get; init => field = value >= 1 ? value : throw Invalid(nameof(Rounds), value, "a positive whole number"); } = 8;

    /// <summary>p, the share of the units left that a round prunes, in (0, 1); of the output weights, where the unit is the weight, p/2 as in [LTH].</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double Share { get; init => field = value is > 0 and < 1 ? value : throw Invalid(nameof(Share), value, "a number in (0, 1)"); } = 0.3;

    /// <summary>The flow time to which survivors are rewound: the last kept point of the full network's run at or before it. 0, the default, is the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double RewindTime { get; init => field = value >= 0 && double.IsFinite(value) ? value : throw Invalid(nameof(RewindTime), value, "a finite number ≥ 0"); }

    /// <summary>The flow time of <see cref="TicketArm.LateRewinding"/>; null, the default, for the last kept point before the loss leaves its first plateau, or the first one after the start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double? LateTime { get; init => field = value is null || (value >= 0 && double.IsFinite(value.Value)) ? value : throw Invalid(nameof(LateTime), value, "a finite number ≥ 0"); }

    /// <summary>The seed of the random controls.</summary>
    public ulong Seed { get; init; } = 1;

    private static ArgumentOutOfRangeException Invalid(string name, object value, string expected) =>
        new(name, value, FormattableString.Invariant($"The {name} is {value}; {expected} is expected."));
}
