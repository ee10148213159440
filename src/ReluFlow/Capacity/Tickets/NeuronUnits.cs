using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Capacity.Tickets;

/// <summary>Neurons as units: their size is ‖a_j‖‖w_j‖, and a network of some of them has no others.</summary>
internal sealed class NeuronUnits(TicketTraining training, double share) : TicketUnits([new UnitLayer(0, training.Problem.Start.Width, share)])
{
    private readonly IDynamics _law = training.Law(null);

    public override double[] LogSizes(ReluNetwork network, int[] kept) => [.. kept.Select((_, i) => network.LogNormProduct(i))];

    // Rows of a normalised network are normalised: they keep their bits.
    public override ReluNetwork Of(ReluNetwork full, int[] kept) =>
        ReluNetwork.FromScaledWeights(full.InputWeights.SelectRows(kept), full.OutputWeights.SelectRows(kept), [.. kept.Select(j => full.LogScales[j])]);

    public override IDynamics LawOf(int[] kept) => _law;

    public override int NeuronsOf(int[] kept) => kept.Length;
}
