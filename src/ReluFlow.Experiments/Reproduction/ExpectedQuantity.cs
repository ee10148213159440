using System.Globalization;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>How a tolerance is meant.</summary>
public enum ToleranceKind
{
    /// <summary>|measured − expected| ≤ tolerance.</summary>
    Absolute,

    /// <summary>|measured − expected| ≤ tolerance · |expected|.</summary>
    Relative,
}

/// <summary>What one quantity is expected to be: a value with a tolerance, or a range.</summary>
public sealed record ExpectedQuantity
{
    /// <summary>The name of a <see cref="ComparedQuantity"/>.</summary>
    public string Quantity { get; init; } = "";

    /// <summary>The value, with <see cref="Tolerance"/>; null for a range.</summary>
    public double? Expected { get; init; }

    /// <summary>The least value, inclusive; null for none.</summary>
    public double? Min { get; init; }

    /// <summary>The largest value, inclusive; null for none.</summary>
    public double? Max { get; init; }

    /// <summary>The largest deviation from <see cref="Expected"/>.</summary>
    public double Tolerance { get; init; }

    /// <summary>How the tolerance is meant.</summary>
    public ToleranceKind Kind { get; init; }

    /// <summary>Why this is expected: a statement, a derivation, a published measurement.</summary>
    public string Source { get; init; } = "";

    /// <summary>The expectation in words: <c>0.25 ± 0.001</c>, <c>0.25 ± 0.1%</c>, <c>at most 1e-13</c>.</summary>
    public string InWords => (Expected, Min, Max) switch
    {
        ({ } value, _, _) => string.Create(CultureInfo.InvariantCulture, $"{value:G10} ± {(Kind == ToleranceKind.Relative ? $"{Tolerance * 100:G3}%" : $"{Tolerance:G3}")}"),
        (_, { } least, { } most) => string.Create(CultureInfo.InvariantCulture, $"between {least:G10} and {most:G10}"),
        (_, { } least, null) => string.Create(CultureInfo.InvariantCulture, $"at least {least:G10}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"at most {Max:G10}"),
    };

    /// <summary>Checks the quantity; one that is missing or was not reached fails.</summary>
    public CheckOutcome Check(IReadOnlyList<ComparedQuantity> quantities)
    {
        ArgumentNullException.ThrowIfNull(quantities);
        double? measured = quantities.FirstOrDefault(quantity => quantity.Name == Quantity)?.Measured;
        return new CheckOutcome(this, measured, measured is { } value && Holds(value));
    }

    internal void Validate(string sourceName)
    {
        if (Quantity.Length == 0 || Source.Length == 0 || (Expected is null) == (Min is null && Max is null) || !(Tolerance >= 0))
        {
            throw new InputException($"{sourceName}: the check of '{Quantity}' needs a quantity, a source and either an expected value with a tolerance ≥ 0 or a min or max.");
        }
    }

    /// <summary>Whether a measured value is as expected; NaN never is.</summary>
    public bool Holds(double value) => Expected is { } expected
        ? Math.Abs(value - expected) <= Tolerance * (Kind == ToleranceKind.Relative ? Math.Abs(expected) : 1)
        : value >= (Min ?? double.NegativeInfinity) && value <= (Max ?? double.PositiveInfinity);
}

/// <summary>The result of a check.</summary>
/// <param name="Expected">What was expected.</param>
/// <param name="Measured">What was found; null where the run has no such number.</param>
/// <param name="Passed">Whether it holds.</param>
public sealed record CheckOutcome(ExpectedQuantity Expected, double? Measured, bool Passed);
