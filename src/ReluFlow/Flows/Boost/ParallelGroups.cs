namespace ReluFlow.Flows.Boost;

/// <summary>
/// Which neurons have become exactly parallel: balanced ones that slid along the same boundary leave it in one direction and keep it for ever, so that one of them carries it for all.
/// </summary>
internal sealed class ParallelGroups
{
    private const int None = -1;
    private readonly int[] _carrier;
    private readonly int[] _next;
    private readonly int[] _last;
    private readonly int[] _size;

    // ρ of a neuron less that of its group is its offset and the shift of its carrier, so that joining a large group leaves its members alone.
    private readonly double[] _offset;
    private readonly double[] _shift;

    /// <summary>Every neuron for itself.</summary>
    public ParallelGroups(int width)
    {
        _carrier = [.. Enumerable.Range(0, width)];
        _last = [.. _carrier];
        _next = new int[width];
        _size = new int[width];
        Array.Fill(_next, None);
        Array.Fill(_size, 1);
        _offset = new double[width];
        _shift = new double[width];
    }

    /// <summary>The neuron that carries the direction of <paramref name="neuron"/>.</summary>
    public int CarrierOf(int neuron) => _carrier[neuron];

    /// <summary>ρ of a neuron whose group has the joint size <paramref name="ofGroup"/>.</summary>
    public double LogScaleOf(int neuron, double ofGroup) => ofGroup + _offset[neuron] + _shift[_carrier[neuron]];

    /// <summary>The neurons of a group.</summary>
    public IEnumerable<int> Members(int carrier)
    {
        for (int j = carrier; j != None; j = _next[j])
        {
            yield return j;
        }
    }

    /// <summary>Joins two groups with joint sizes; returns the carrier and the joint size of both, ½ ln(e^{2ρ} + e^{2ρ'}).</summary>
    public (int Carrier, double LogScale) Join((int Carrier, double LogScale) one, (int Carrier, double LogScale) other)
    {
        ((int into, double intoScale), (int from, double fromScale)) = _size[one.Carrier] >= _size[other.Carrier] ? (one, other) : (other, one);
        double larger = Math.Max(intoScale, fromScale), joint = larger + (0.5 * Math.Log(1 + Math.Exp(-2 * Math.Abs(intoScale - fromScale))));
        _shift[into] += intoScale - joint;
        double change = fromScale + _shift[from] - joint - _shift[into];
        for (int j = from; j != None; j = _next[j])
        {
            _offset[j] += change;
            _carrier[j] = into;
        }

        _next[_last[into]] = from;
        _last[into] = _last[from];
        _size[into] += _size[from];
        return (into, joint);
    }
}
