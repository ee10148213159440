namespace ReluFlow.Experiments.Verification;

/// <summary>What all trials say of a claim.</summary>
public sealed record ClaimVerdict
{
    /// <summary>The claim.</summary>
    public required Claim Claim { get; init; }

    /// <summary>The seed of the trials.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The trials in order, the skipped ones among them.</summary>
    public required IReadOnlyList<Trial> Trials { get; init; }

    /// <summary>One verdict for each of the claim's quantities.</summary>
    public IReadOnlyList<QuantityVerdict> Quantities => field ??=
        [.. Claim.Quantities.Select((quantity, i) => QuantityVerdict.Of(quantity, [.. Trials.Where(trial => trial.Skipped is null).Select(trial => trial.Deviations[i])]))];

    /// <summary>How many trials were checked.</summary>
    public int Checked => Trials.Count(trial => trial.Skipped is null);

    /// <summary>How many instances did not meet the assumptions.</summary>
    public int SkippedCount => Trials.Count - Checked;

    /// <summary>Whether every quantity holds; false where nothing was checked.</summary>
    public bool Holds => Quantities.All(quantity => quantity.Holds);

    /// <summary>The index of the smallest instance, by n · m, that speaks against the claim; null where it holds or nothing was checked.</summary>
    public int? SmallestFailure => Enumerable.Range(0, Trials.Count)
        .Where(i => Trials[i].Deviations.Zip(Quantities).Any(pair => pair.Second.IsAgainst(pair.First)))
        .Select(i => (int?)i)
        .MinBy(i => Trials[i!.Value].Instance.Size);
}
