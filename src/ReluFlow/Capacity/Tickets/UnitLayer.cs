namespace ReluFlow.Capacity.Tickets;

/// <summary>Units that are pruned among themselves.</summary>
/// <param name="First">The number of its first unit.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Share">The share of those left that a round prunes.</param>
internal readonly record struct UnitLayer(int First, int Count, double Share)
{
    /// <summary>How many of <paramref name="left"/> units a round leaves: it prunes the nearest whole number to its share of them (halves up), but at least one, and leaves at least one.</summary>
    public int After(int left) => Math.Max(1, left - Math.Max(1, (int)Math.Floor((Share * left) + 0.5)));

    /// <summary>Whether a unit is of this layer.</summary>
    public bool Has(int unit) => unit >= First && unit - First < Count;
}
