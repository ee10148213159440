namespace ReluFlow.Experiments.Verification;

/// <summary>How the deviations of all trials decide on a claim.</summary>
public enum QuantityRule
{
    /// <summary>Every deviation is at most the bound.</summary>
    EveryTrial,

    /// <summary>Some value is at least the bound: a claim that there are such instances.</summary>
    SomeTrial,

    /// <summary>The values are shares of random draws that fail; the claim falls where the probability is certainly above the bound (<see cref="WilsonInterval"/>).</summary>
    Frequency,
}

/// <summary>One number that a claim measures on each instance.</summary>
/// <param name="Name">What it is, for people.</param>
/// <param name="Bound">The tolerance, or what <paramref name="Rule"/> makes of it.</param>
/// <param name="Rule">How the trials decide.</param>
/// <param name="Draws">For <see cref="QuantityRule.Frequency"/>: independent draws in a trial; 1 otherwise.</param>
public sealed record Quantity(string Name, double Bound, QuantityRule Rule = QuantityRule.EveryTrial, int Draws = 1)
{
    /// <summary>The bound in words.</summary>
    public string InWords => Rule switch
    {
        QuantityRule.EveryTrial => FormattableString.Invariant($"at most {Bound:G3}"),
        QuantityRule.SomeTrial => FormattableString.Invariant($"once at least {Bound:G3}"),
        _ => FormattableString.Invariant($"probability at most {Bound:G3}"),
    };
}
