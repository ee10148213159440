namespace ReluFlow.Neurons;

/// <summary>Two clusters that become one. Leaves are numbered 0 to m − 1 and merge s, from 0, makes node m + s, as in SciPy's linkage matrices.</summary>
/// <param name="First">The node with the smaller number.</param>
/// <param name="Second">The other node.</param>
/// <param name="Mean">The mean similarity over the pairs of one neuron of each; falls from merge to merge.</param>
/// <param name="Size">The number of neurons in the union.</param>
public sealed record DendrogramMerge(int First, int Second, double Mean, int Size);
