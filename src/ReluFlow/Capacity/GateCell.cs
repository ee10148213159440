using ReluFlow.Networks;

namespace ReluFlow.Capacity;

/// <summary>Neurons with one activation pattern on given inputs: their incoming weights lie in one cell of the arrangement of the hyperplanes ⟨w, x_k⟩ = 0, a convex cone.</summary>
/// <param name="Neurons">Their indices, increasing.</param>
/// <param name="ActiveInputs">The number of inputs on which they are active.</param>
public sealed record GateCell(IReadOnlyList<int> Neurons, int ActiveInputs)
{
    /// <summary>Whether they are active on no input.</summary>
    public bool IsInactive => ActiveInputs == 0;

    /// <summary>The occupied cells, that of neuron 0 first. Cost O(n m d).</summary>
    /// <exception cref="ArgumentException">X has another number of columns than W.</exception>
    public static IReadOnlyList<GateCell> Of(ReluNetwork network, Matrix inputs)
    {
        var pattern = ActivationPattern.Of(network, inputs);
        return
        [
            .. Enumerable.Range(0, network.Width).GroupBy(j => j, new SamePattern(pattern))
                .Select(cell => new GateCell([.. cell], pattern.Row(cell.Key).Count(true))),
        ];
    }

    private sealed class SamePattern(ActivationPattern pattern) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => pattern.Row(x).SequenceEqual(pattern.Row(y));

        public int GetHashCode(int obj)
        {
            var hash = new HashCode();
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(pattern.Row(obj)));
            return hash.ToHashCode();
        }
    }
}
