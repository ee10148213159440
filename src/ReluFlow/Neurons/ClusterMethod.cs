namespace ReluFlow.Neurons;

/// <summary>How neurons are sorted into clusters.</summary>
public enum ClusterMethod
{
    /// <summary>
    /// From the strongest neuron on, each joins the first cluster whose strongest neuron it is similar to, or begins one. Cost O(m · clusters · (d + c)).
    /// Every neuron is within the threshold of its cluster's strongest.
    /// </summary>
    Leader,

    /// <summary>The <see cref="Dendrogram"/> of average linkage, cut at the threshold. Cost O(m² (d + c)). The mean over the pairs of two joined clusters is at least the threshold.</summary>
    AverageLinkage,
}
