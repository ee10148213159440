using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>Average linkage of unit vectors by mutual nearest neighbours. Cost O(m² p), memory O(m p) for m vectors of length p.</summary>
/// <remarks>
/// <para>The mean product over the pairs of two clusters is ⟨S_A, S_B⟩/(n_A n_B), S the sums of their vectors: no m × m matrix is needed. The mean of a union lies between
/// the means of its parts, so a nearest neighbour stays nearest until it is merged itself, and two clusters that are each other's nearest may be merged at once, as in the
/// nearest-neighbour chain. Source: [Murtagh]; the sums are ours.</para>
/// <para>A search for a nearest neighbour is one pass over all sums. The walk from neighbour to neighbour says who needs one; 31 others whose neighbour is unknown share
/// it, as a matrix product, and most of them are mutual pairs then.</para>
/// </remarks>
internal sealed class AverageLinkage
{
    // Two mean products are one and the same below this difference: sums of unit vectors round at 1e-16 times a root of their length.
    private const double Tie = 1e-12;

    private const int None = -1;

    private readonly int _length;
    private readonly double[] _sums;
    private readonly int[] _nodeAt;
    private readonly int[] _slotOf;
    private readonly int[] _size;
    private readonly int[] _nearest;
    private readonly double[] _mean;
    private readonly double[] _height;
    private readonly List<DendrogramMerge> _merges;
    private readonly int[] _lanes = new int[PanelProduct.Lanes];
    private readonly double[] _panel;
    private readonly double[] _products;
    private readonly TiledMatrix _tiles;
    private int _active;

    private AverageLinkage(Matrix rows)
    {
        int m = rows.Rows, nodes = (2 * m) - 1;
        _length = rows.Columns;
        _active = m;
        _sums = rows.Values.ToArray();
        _nodeAt = [.. Enumerable.Range(0, m)];
        _slotOf = [.. Enumerable.Range(0, nodes)];
        _size = new int[nodes];
        Array.Fill(_size, 1, 0, m);
        _nearest = new int[nodes];
        Array.Fill(_nearest, None);
        _mean = new double[nodes];
        _height = new double[nodes];
        Array.Fill(_height, double.PositiveInfinity, 0, m);
        _merges = new List<DendrogramMerge>(m - 1);
        _panel = new double[_length * PanelProduct.Lanes];
        _products = new double[TiledMatrix.Padded(m) * PanelProduct.Lanes];
        _tiles = new TiledMatrix(m, _length);
    }

    /// <summary>The merges in order of falling mean product; leaf i is row i, and merge s makes node m + s.</summary>
    public static IReadOnlyList<DendrogramMerge> Of(Matrix rows)
    {
        if (rows.Rows == 0)
        {
            return [];
        }

        var linkage = new AverageLinkage(rows);
        linkage.MergeAll();
        return linkage.InOrderOfHeight(rows.Rows);
    }

    private void MergeAll()
    {
        int node = _nodeAt[0];
        while (_active > 1)
        {
            // Similarity rises along the walk, so it ends: at a node whose neighbour is unknown.
            node = _slotOf[node] == None ? _nodeAt[0] : node;
            while (IsKnown(node))
            {
                node = _nearest[node];
            }

            int count = FindNearest(node);
            for (int lane = 0; lane < count; lane++)
            {
                if (IsMutual(_lanes[lane]))
                {
                    Merge(_lanes[lane], _nearest[_lanes[lane]]);
                }
            }
        }
    }

    private bool IsKnown(int node) => _nearest[node] != None && _slotOf[_nearest[node]] != None;

    // Neighbours that agree up to a tie are taken as mutual; otherwise ties broken differently from both sides would make the walk a ring.
    private bool IsMutual(int node) => _slotOf[node] != None && IsKnown(node) && IsKnown(_nearest[node]) && _mean[_nearest[node]] <= _mean[node] + Tie;

    // For a node and others whose neighbour is unknown, those with the most similar one before first: they are most likely to be merged next.
    private int FindNearest(int node)
    {
        int count = 0;
        _lanes[count++] = node;
        foreach (int other in _nodeAt.Take(_active).Where(other => other != node && !IsKnown(other)).OrderByDescending(other => _mean[other]).Take(PanelProduct.Lanes - 1))
        {
            _lanes[count++] = other;
        }

        for (int lane = 0; lane < count; lane++)
        {
            ReadOnlySpan<double> sum = Sum(_lanes[lane]);
            for (int i = 0; i < _length; i++)
            {
                _panel[(i * PanelProduct.Lanes) + lane] = sum[i];
            }
        }

        _tiles.Take(_sums.AsSpan(0, _active * _length), (_length, 1), _active, _length);
        PanelProduct.Multiply(_tiles, _panel, _products);
        for (int lane = 0; lane < count; lane++)
        {
            TakeNearest(_lanes[lane], _products.AsSpan(lane));
        }

        return count;
    }

    private void TakeNearest(int node, ReadOnlySpan<double> products)
    {
        int nearest = None;
        double largest = double.NegativeInfinity;
        for (int slot = 0; slot < _active; slot++)
        {
            int other = _nodeAt[slot];
            double mean = products[slot * PanelProduct.Lanes] / ((double)_size[node] * _size[other]);
            if (other != node && (mean > largest || (mean == largest && other < nearest)))
            {
                largest = mean;
                nearest = other;
            }
        }

        _nearest[node] = nearest;
        _mean[node] = largest;
    }

    private void Merge(int first, int second)
    {
        int node = _nodeAt.Length + _merges.Count;
        Span<double> sum = Sum(first), other = Sum(second);
        double mean = TensorPrimitives.Dot<double>(sum, other) / ((double)_size[first] * _size[second]);
        TensorPrimitives.Add(sum, other, sum);
        _size[node] = _size[first] + _size[second];
        _mean[node] = mean;

        // In exact arithmetic heights fall from the leaves to the root; rounding may not turn that round.
        _height[node] = Math.Min(mean, Math.Min(_height[first], _height[second]));
        _merges.Add(new DendrogramMerge(Math.Min(first, second), Math.Max(first, second), _height[node], _size[node]));
        int slot = _slotOf[first], freed = _slotOf[second], lastSlot = --_active;
        _nodeAt[slot] = node;
        _slotOf[node] = slot;
        _slotOf[first] = _slotOf[second] = None;
        if (freed != lastSlot)
        {
            int moved = _nodeAt[lastSlot];
            _sums.AsSpan(lastSlot * _length, _length).CopyTo(_sums.AsSpan(freed * _length));
            _nodeAt[freed] = moved;
            _slotOf[moved] = freed;
        }
    }

    private Span<double> Sum(int node) => _sums.AsSpan(_slotOf[node] * _length, _length);

    // The chain merges in its own order; a stable sort keeps parts before their unions, since heights never rise.
    private List<DendrogramMerge> InOrderOfHeight(int leaves)
    {
        int[] order = [.. Enumerable.Range(0, _merges.Count).OrderByDescending(merge => _merges[merge].Mean)];
        var name = new int[leaves + _merges.Count];
        for (int leaf = 0; leaf < leaves; leaf++)
        {
            name[leaf] = leaf;
        }

        for (int rank = 0; rank < order.Length; rank++)
        {
            name[leaves + order[rank]] = leaves + rank;
        }

        return [.. order.Select(merge =>
        {
            int first = name[_merges[merge].First], second = name[_merges[merge].Second];
            return _merges[merge] with { First = Math.Min(first, second), Second = Math.Max(first, second) };
        })];
    }
}
