using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Capacity.Tickets;

/// <summary>The units of a full network: how large they have become, and the network that some of them make. Sets of units are in increasing order.</summary>
internal abstract class TicketUnits(IReadOnlyList<UnitLayer> layers)
{
    /// <summary>The units by layers, in order.</summary>
    public IReadOnlyList<UnitLayer> Layers { get; } = layers;

    /// <summary>Every unit.</summary>
    public int[] All => [.. Enumerable.Range(0, Layers.Sum(layer => layer.Count))];

    public static TicketUnits Of(TicketTraining training, TicketOptions options) => options.Unit == TicketUnit.Neuron
        ? new NeuronUnits(training, options.Share)
        : new WeightUnits(training, options.Share);

    /// <summary>For 0, 1, … rounds the units left in each layer; as many rounds as asked for, or as there is something to prune.</summary>
    public IReadOnlyList<int[]> Sizes(int rounds)
    {
        var sizes = new List<int[]> { Layers.Select(layer => layer.Count).ToArray() };
        while (sizes.Count <= rounds && sizes[^1].Any(size => size > 1))
        {
            sizes.Add([.. Layers.Zip(sizes[^1], (layer, left) => layer.After(left))]);
        }

        return sizes;
    }

    /// <summary>The largest units of each layer, so many; of equals the first ones.</summary>
    /// <param name="among">Units to choose from.</param>
    /// <param name="logSizes">ln of the size of each of them, in the same order.</param>
    /// <param name="counts">How many of each layer.</param>
    public int[] Largest(int[] among, IReadOnlyList<double> logSizes, int[] counts) => [.. Layers
        .SelectMany((layer, l) => Enumerable.Range(0, among.Length).Where(i => layer.Has(among[i])).OrderByDescending(i => logSizes[i]).Take(counts[l]).Select(i => among[i]))
        .Order()];

    /// <summary>ln of the sizes of the units <paramref name="kept"/>, in their order, in a network that they make. −∞ for one that is zero.</summary>
    public abstract double[] LogSizes(ReluNetwork network, int[] kept);

    /// <summary>The network that units of a full network make.</summary>
    public abstract ReluNetwork Of(ReluNetwork full, int[] kept);

    /// <summary>The law by which it moves.</summary>
    public abstract IDynamics LawOf(int[] kept);

    /// <summary>The neurons that have both incoming and outgoing weights.</summary>
    public abstract int NeuronsOf(int[] kept);
}
