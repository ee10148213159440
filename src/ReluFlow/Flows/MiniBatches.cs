using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>The order in which mini-batches take samples: pass after pass over all of them, each in a new random order, cut into batches; the last of a pass may be smaller.</summary>
internal sealed class MiniBatches
{
    // A stream of its own: the same seed draws the start.
    private const ulong Stream = 0x5348_5546_464C_4531;

    private readonly int[] _order;
    private readonly int _size;
    private readonly RandomStream _random;
    private int _next;

    /// <summary>Batches of at most <paramref name="size"/> of so many samples.</summary>
    public MiniBatches(int samples, int size, ulong seed)
    {
        _order = [.. Enumerable.Range(0, samples)];
        _size = size;
        _random = new RandomStream(seed ^ Stream);
    }

    /// <summary>Whether every sample has been taken equally often.</summary>
    public bool PassIsOver => _next is 0 || _next == _order.Length;

    /// <summary>The samples of the next batch, until the next call.</summary>
    public ReadOnlySpan<int> Next()
    {
        if (PassIsOver)
        {
            _random.Shuffle(_order);
            _next = 0;
        }

        int first = _next;
        _next = Math.Min(first + _size, _order.Length);
        return _order.AsSpan(first, _next - first);
    }
}
