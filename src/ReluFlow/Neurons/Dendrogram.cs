using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>The neurons of a network merged step by step, the two clusters with the largest mean similarity first: average linkage.</summary>
/// <remarks>
/// Similarity is the cosine that <see cref="WeightDirections"/> names. For <see cref="WeightDirections.IncomingAndOutgoing"/> it is cos_in + cos_out − 1, which means can be taken
/// of and which is at most the smaller of the two: where its mean reaches a threshold, so do the means of both cosines. With one output and one sign it is cos_in.
/// Scale-free. Source: [Murtagh] for the method; its use on neurons is ours.
/// </remarks>
public sealed class Dendrogram
{
    private readonly UnitWeights _weights;

    internal Dendrogram(UnitWeights weights)
    {
        _weights = weights;
        Merges = [.. AverageLinkage.Of(weights.Rows).Select(merge => merge with { Mean = weights.SimilarityOf(merge.Mean) })];
    }

    /// <summary>The neuron of each leaf, the largest ‖a_j‖‖w_j‖ first.</summary>
    public IReadOnlyList<int> Leaves => _weights.Neurons;

    /// <summary>The merges in order; one fewer than leaves.</summary>
    public IReadOnlyList<DendrogramMerge> Merges { get; }

    /// <summary>
    /// Neurons in an order in which every cluster of every threshold is contiguous: of two parts the one with the strongest neuron stands first. For a cosine matrix beside a dendrogram.
    /// </summary>
    public IReadOnlyList<int> LeafOrder
    {
        get
        {
            int leaves = Leaves.Count;
            int[] strongest = [.. Enumerable.Range(0, leaves + Merges.Count)];
            for (int s = 0; s < Merges.Count; s++)
            {
                strongest[leaves + s] = Math.Min(strongest[Merges[s].First], strongest[Merges[s].Second]);
            }

            var order = new List<int>(leaves);
            var open = new Stack<int>();
            if (leaves > 0)
            {
                open.Push(leaves + Merges.Count - 1);
            }

            while (open.TryPop(out int node))
            {
                if (node < leaves)
                {
                    order.Add(Leaves[node]);
                    continue;
                }

                DendrogramMerge merge = Merges[node - leaves];
                bool firstIsStronger = strongest[merge.First] < strongest[merge.Second];
                open.Push(firstIsStronger ? merge.Second : merge.First);
                open.Push(firstIsStronger ? merge.First : merge.Second);
            }

            return order;
        }
    }

    /// <summary>Builds the dendrogram. Cost O(m² (d + c)), memory O(m (d + c)).</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Directions and who is left out; the method and the threshold are not used. Defaults where null.</param>
    public static Dendrogram Of(ReluNetwork network, ClusterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        return new Dendrogram(UnitWeights.Of(network, Enumerable.Range(0, network.Width), options ?? new ClusterOptions()));
    }

    /// <summary>The clusters that merges at a mean similarity of at least a threshold leave. Cost O(m log m).</summary>
    /// <param name="cosine">In (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The cosine is outside (0, 1].</exception>
    public NeuronClusters Cut(double cosine)
    {
        ClusterOptions.RequireCosine(cosine);
        int leaves = Leaves.Count;
        int merged = Merges.TakeWhile(merge => merge.Mean >= cosine).Count();
        int[] root = [.. Enumerable.Range(0, leaves + merged)];
        for (int s = merged - 1; s >= 0; s--)
        {
            root[Merges[s].First] = root[Merges[s].Second] = root[leaves + s];
        }

        return new NeuronClusters(
            Enumerable.Range(0, leaves).GroupBy(leaf => root[leaf]).Select(group => new NeuronCluster([.. group.Select(leaf => Leaves[leaf])])),
            _weights);
    }
}
