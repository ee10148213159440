using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Capacity.Tickets;

/// <summary>Weights as units, those of W (m × d, row-major) before those of A (m × c): two layers, each pruned by magnitude, A at half the share. Source: [LTH].</summary>
internal sealed class WeightUnits(TicketTraining training, double share) : TicketUnits(LayersOf(training.Problem.Start, share))
{
    private readonly int _neurons = training.Problem.Start.Width, _inputs = training.Problem.Start.InputDimension, _outputs = training.Problem.Start.OutputDimension;

    public override double[] LogSizes(ReluNetwork network, int[] kept) => [.. kept.Select(unit =>
    {
        (int neuron, double weight) = unit < Layers[0].Count ? (unit / _inputs, network.InputWeights.Values[unit]) : OutputWeight(network, unit - Layers[0].Count);
        return network.LogScales[neuron] + Math.Log(Math.Abs(weight));
    })];

    public override ReluNetwork Of(ReluNetwork full, int[] kept) => MaskOf(kept).Of(full);

    public override IDynamics LawOf(int[] kept) => training.Law(kept.Length == Layers.Sum(layer => layer.Count) ? null : MaskOf(kept));

    public override int NeuronsOf(int[] kept)
    {
        WeightMask mask = MaskOf(kept);
        return Enumerable.Range(0, _neurons).Count(j => mask.InputWeights.Slice(j * _inputs, _inputs).Contains(true) && mask.OutputWeights.Slice(j * _outputs, _outputs).Contains(true));
    }

    private static UnitLayer[] LayersOf(ReluNetwork start, double share)
    {
        int incoming = start.Width * start.InputDimension;
        return [new UnitLayer(0, incoming, share), new UnitLayer(incoming, start.Width * start.OutputDimension, share / 2)];
    }

    private (int Neuron, double Weight) OutputWeight(ReluNetwork network, int entry) => (entry / _outputs, network.OutputWeights.Values[entry]);

    private WeightMask MaskOf(int[] kept)
    {
        var entries = new bool[Layers.Sum(layer => layer.Count)];
        foreach (int unit in kept)
        {
            entries[unit] = true;
        }

        return new WeightMask(_neurons, entries.AsSpan(0, Layers[0].Count), entries.AsSpan(Layers[0].Count));
    }
}
