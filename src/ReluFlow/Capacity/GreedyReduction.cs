using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Capacity;

/// <summary>A neuron removed (<see cref="Second"/> is −1) or two merged. Neurons of the start are 0 to m − 1; merges make m, m + 1, … in order.</summary>
internal sealed record GreedyStep(int First, int Second, ChangeBound Bound)
{
    public bool IsMerge => Second >= 0;
}

/// <summary>The cheapest single step, again and again, until one neuron is left.</summary>
/// <remarks>
/// Every pair is looked after by its weaker neuron, which remembers its cheapest partner among the stronger ones: the weakest neurons, which go first, are then nobody's
/// partner. Where a partner disappears, the remembered cost is still a lower bound, since the others were there before and a new one is compared at once; the
/// partner is looked for anew only when that bound comes first. So the order is the greedy one, at about one pass over the neurons a step.
/// </remarks>
internal sealed class GreedyReduction
{
    private const int None = -1;

    private readonly List<UnitNeuron> _neurons;
    private readonly List<double> _products;
    private readonly List<int> _partner;
    private readonly List<double> _cost;
    private readonly List<int> _alive;
    private readonly double _largestLog;

    private GreedyReduction(ReluNetwork network)
    {
        int m = network.Width;
        _neurons = [.. Enumerable.Range(0, m).Select(j => UnitNeuron.Of(network, j))];
        _largestLog = _neurons.Max(neuron => neuron.LogProduct);
        _products = [.. _neurons.Select(RelativeProduct)];
        _partner = [.. Enumerable.Repeat(None, m)];
        _cost = [.. Enumerable.Repeat(double.PositiveInfinity, m)];
        _alive = [.. Enumerable.Range(0, m)];
    }

    public static IReadOnlyList<GreedyStep> Run(ReluNetwork network, CancellationToken cancellation)
    {
        var reduction = new GreedyReduction(network);
        foreach (int neuron in reduction._alive)
        {
            cancellation.ThrowIfCancellationRequested();
            reduction.FindPartner(neuron);
        }

        var steps = new List<GreedyStep>(network.Width - 1);
        while (reduction._alive.Count > 1)
        {
            cancellation.ThrowIfCancellationRequested();
            steps.Add(reduction.TakeCheapest());
        }

        return steps;
    }

    private GreedyStep TakeCheapest()
    {
        while (true)
        {
            int cheapest = _alive.MinBy(neuron => Math.Min(_products[neuron], _cost[neuron]));
            if (_products[cheapest] <= _cost[cheapest])
            {
                Remove(cheapest);
                return new GreedyStep(cheapest, None, _neurons[cheapest].Pruned);
            }

            if (_alive.BinarySearch(_partner[cheapest]) >= 0)
            {
                return Merge(cheapest, _partner[cheapest]);
            }

            FindPartner(cheapest);
        }
    }

    private GreedyStep Merge(int first, int second)
    {
        var merged = UnitNeuron.MergeAligned([_neurons[first], _neurons[second]], out ChangeBound bound);
        Remove(first);
        Remove(second);
        int node = _neurons.Count;
        _neurons.Add(merged);
        _products.Add(RelativeProduct(merged));
        _partner.Add(None);
        _cost.Add(double.PositiveInfinity);
        foreach (int other in _alive)
        {
            Compare(node, other);
        }

        _alive.Add(node);
        return new GreedyStep(Math.Min(first, second), Math.Max(first, second), bound);
    }

    private void FindPartner(int neuron)
    {
        _partner[neuron] = None;
        _cost[neuron] = double.PositiveInfinity;
        foreach (int other in _alive)
        {
            if (IsWeaker(neuron, other))
            {
                Compare(neuron, other);
            }
        }
    }

    // The weaker of two takes the other as its partner where that is cheaper than what it knows.
    private void Compare(int first, int second)
    {
        (int weaker, int stronger) = IsWeaker(first, second) ? (first, second) : (second, first);
        double cost = MergeCost(weaker, stronger);
        if (cost < _cost[weaker])
        {
            _cost[weaker] = cost;
            _partner[weaker] = stronger;
        }
    }

    private bool IsWeaker(int first, int second) => first != second
        && (_products[first] < _products[second] || (_products[first] == _products[second] && first < second));

    // p_i s(θ_i) + p_j s(θ_j) from the distance of the two directions, which small angles do not cancel in.
    private double MergeCost(int first, int second)
    {
        double p = _products[first], q = _products[second];
        double half = TensorPrimitives.Distance<double>(_neurons[first].Incoming, _neurons[second].Incoming) / 2;
        double sine = 2 * half * Math.Sqrt(Math.Max(0, 1 - (half * half))), cosine = 1 - (2 * half * half);
        double length = Math.Sqrt((p * p) + (q * q) + (2 * p * q * cosine)), each = length > 0 ? p * q * sine / length : 0;
        return (p + (q * cosine) > 0 ? each : p) + (q + (p * cosine) > 0 ? each : q);
    }

    private double RelativeProduct(UnitNeuron neuron) => double.IsFinite(neuron.LogProduct) ? Math.Exp(neuron.LogProduct - _largestLog) : 0;

    private void Remove(int neuron) => _alive.RemoveAt(_alive.BinarySearch(neuron));
}
