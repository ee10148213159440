using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Capacity;

/// <summary>A network made smaller step by step, in any order of steps, with a proven bound on what that changes. Immutable: every step makes a new reduction.</summary>
/// <remarks>Merged neurons are balanced, ‖w‖ = ‖a‖; the others keep their weights to the last bit. Scales stay logarithms. Source: [Race] for the principle; bounds are ours.</remarks>
public sealed class Reduction
{
    // Vectors this close are parallel: normalising rounds at 1e-16 a coordinate.
    private const double ParallelDistance = 1e-14;

    private Reduction(ReluNetwork original, Matrix inputs)
    {
        Original = Network = original;
        Inputs = inputs;
        Steps = [];
        Origins = [.. Enumerable.Range(0, original.Width).Select(j => (IReadOnlyList<int>)[j])];
        double[] norms = [.. Enumerable.Range(0, inputs.Rows).Select(k => EuclideanNorm.Of(inputs.Row(k)))];
        LargestInputNorm = norms.Max();
        RmsInputNorm = EuclideanNorm.Of(norms) / Math.Sqrt(norms.Length);
    }

    private Reduction(Reduction before, ReluNetwork network, IReadOnlyList<IReadOnlyList<int>> origins, IEnumerable<ReductionStep> steps)
    {
        Original = before.Original;
        Inputs = before.Inputs;
        LargestInputNorm = before.LargestInputNorm;
        RmsInputNorm = before.RmsInputNorm;
        Network = network;
        Origins = origins;
        Steps = [.. before.Steps, .. steps];
    }

    /// <summary>The network that was reduced.</summary>
    public ReluNetwork Original { get; }

    /// <summary>What it has become.</summary>
    public ReluNetwork Network { get; }

    /// <summary>The training inputs X, n × d: what merging by gate is exact on.</summary>
    public Matrix Inputs { get; }

    /// <summary>The steps in order.</summary>
    public IReadOnlyList<ReductionStep> Steps { get; }

    /// <summary>For each neuron of <see cref="Network"/> the neurons of <see cref="Original"/> that are in it; the removed ones are in none.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Origins { get; }

    /// <summary>max_k ‖x_k‖ of the training inputs.</summary>
    public double LargestInputNorm { get; }

    /// <summary>√(mean_k ‖x_k‖²) of the training inputs.</summary>
    public double RmsInputNorm { get; }

    /// <summary>
    /// The bound between <see cref="Original"/> and <see cref="Network"/>: the sum over the steps; its rounding also has that of evaluating both networks in double precision.
    /// </summary>
    public ChangeBound Bound => StepBound.Plus(new ChangeBound(0, 0, EvaluationRounding(Original, Original.Width, Original.VariationNorm) + EvaluationRounding(Original, Network.Width, Network.VariationNorm)));

    /// <summary>The sum of the bounds of the steps.</summary>
    public ChangeBound StepBound => Steps.Aggregate(ChangeBound.None, (sum, step) => sum.Plus(step.Bound));

    /// <summary>Begins with a network as it is.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">The training inputs X, n × d, n ≥ 1.</param>
    /// <exception cref="ArgumentException">No inputs, or inputs of another length.</exception>
    public static Reduction Of(ReluNetwork network, Matrix inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.Rows > 0 && inputs.Columns == network.InputDimension
            ? new Reduction(network, inputs)
            : throw new ArgumentException($"X is {inputs.Rows} × {inputs.Columns}; n × {network.InputDimension} with n ≥ 1 is expected.", nameof(inputs));
    }

    /// <summary>The measured change on the training inputs. Cost O(n m d).</summary>
    public OutputChange Measure() => OutputChange.Between(Original, Network, Inputs);

    /// <summary>
    /// Each group becomes one neuron along the mean of its unit incoming weights, weighted by p_α = ‖a_α‖‖w_α‖, with outgoing weights that add up: with one output and one sign p = Σ p_α. The
    /// change is at most ‖x‖ Σ p_α s(θ_α), θ_α the angle to the mean, s(θ) = sin θ up to a right angle and 1 beyond, so s(θ) ≤ θ: exact iff collinear. Outgoing directions may
    /// differ; they cost nothing. Cost O(m (d + c)).
    /// </summary>
    /// <param name="groups">Disjoint groups of neurons of <see cref="Network"/>; a merged neuron takes the place of its group's first index. A group of one changes nothing.</param>
    /// <exception cref="ArgumentException">An empty group, or a neuron in two groups.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index outside of the network.</exception>
    public Reduction MergeAligned(IEnumerable<IReadOnlyList<int>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return Merge(ReductionKind.MergeAligned, [.. groups], UnitNeuron.MergeAligned);
    }

    /// <summary>Merges every cluster of <see cref="Network"/> as <see cref="MergeAligned(IEnumerable{IReadOnlyList{int}})"/> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The clusters are of a wider network.</exception>
    public Reduction MergeAligned(NeuronClusters clusters)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        return MergeAligned(clusters.Clusters.Select(cluster => cluster.Neurons));
    }

    /// <summary>
    /// All neurons with one activation pattern on the training inputs and one outgoing direction become one with w = Σ ‖a_j‖ w_j: exact on the training inputs. On any input the
    /// change is at most ‖x‖ ½ Σ p_α sin θ_α where all are within a right angle of their sum, and at most ‖x‖ ½ Σ p_α. Cost O(n m d).
    /// </summary>
    /// <param name="outgoingDistance">
    /// With several outputs: how far unit outgoing directions of a group may be from that of its strongest neuron, in [0, 1]; 0 is parallel up to rounding. They cost Σ p_α ‖b_α − b‖ on the training inputs too.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A distance outside of that range.</exception>
    public Reduction MergeByGate(double outgoingDistance = 0)
    {
        if (!(outgoingDistance is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(outgoingDistance), outgoingDistance, $"The distance is {outgoingDistance}; a number in [0, 1] is expected.");
        }

        double distance = Math.Max(outgoingDistance, ParallelDistance);
        var groups = GateCell.Of(Network, Inputs).SelectMany(cell => ByOutgoing(cell.Neurons, distance));
        return Merge(ReductionKind.MergeByGate, [.. groups], UnitNeuron.MergeCone);
    }

    /// <summary>Removes the neurons that are active on no training input: exact there, and elsewhere as <see cref="Prune"/>. Where all are, the strongest stays. Cost O(n m d).</summary>
    public Reduction PruneInactive()
    {
        int[] inactive = [.. GateCell.Of(Network, Inputs).Where(cell => cell.IsInactive).SelectMany(cell => cell.Neurons)];
        int[] removed = inactive.Length < Network.Width ? inactive : [.. inactive.OrderByDescending(Network.LogNormProduct).Skip(1)];
        return Remove(ReductionKind.PruneInactive, removed, bound => bound with { OnTrainingInputs = 0 });
    }

    /// <summary>Removes neurons: the change is at most ‖x‖ Σ p_j over them. Cost O(m (d + c)).</summary>
    /// <param name="neurons">Neurons of <see cref="Network"/>; one named twice is removed once.</param>
    /// <exception cref="ArgumentException">No neuron would be left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index outside of the network.</exception>
    public Reduction Prune(IEnumerable<int> neurons)
    {
        ArgumentNullException.ThrowIfNull(neurons);
        return Remove(ReductionKind.Prune, [.. neurons.Distinct()], bound => bound);
    }

    /// <summary>A reduction that goes on from this one to other neurons, by steps that somebody else has bounded.</summary>
    internal Reduction ContinueWith(IReadOnlyList<(UnitNeuron Neuron, IReadOnlyList<int> Sources)> neurons, IEnumerable<ReductionStep> steps)
    {
        int d = Network.InputDimension, c = Network.OutputDimension, m = neurons.Count;
        var w = new double[m * d];
        var a = new double[m * c];
        var logScales = new double[m];
        for (int j = 0; j < m; j++)
        {
            (UnitNeuron neuron, IReadOnlyList<int> sources) = neurons[j];
            bool untouched = sources.Count == 1;
            ReadOnlySpan<double> incoming = untouched ? Network.InputWeights.Row(sources[0]) : neuron.Incoming;
            ReadOnlySpan<double> outgoing = untouched ? Network.OutputWeights.Row(sources[0]) : neuron.Outgoing;
            incoming.CopyTo(w.AsSpan(j * d));
            outgoing.CopyTo(a.AsSpan(j * c));
            logScales[j] = untouched ? Network.LogScales[sources[0]] : double.IsFinite(neuron.LogProduct) ? neuron.LogProduct / 2 : 0;
        }

        var network = ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(m, d, w), Matrix.TakeOwnership(m, c, a), logScales);
        return new Reduction(this, network, [.. neurons.Select(neuron => (IReadOnlyList<int>)[.. neuron.Sources.SelectMany(j => Origins[j]).Order()])], steps);
    }

    /// <summary>What rounding adds to ‖f(x)‖/‖x‖ where a network of a width and a variation norm Σ p_j, shaped like <paramref name="network"/>, is evaluated.</summary>
    /// <remarks>A pre-activation is a sum of d products, an output one of m: their relative errors are at most d and m half-units; some more for the exponential and the factors.</remarks>
    internal static double EvaluationRounding(ReluNetwork network, int width, double variationNorm) =>
        UnitNeuron.HalfUlp * (network.InputDimension + width + network.OutputDimension + 8) * variationNorm;

    private delegate UnitNeuron MergeRule(IReadOnlyList<UnitNeuron> group, out ChangeBound bound);

    private Reduction Merge(ReductionKind kind, IReadOnlyList<int>[] groups, MergeRule rule)
    {
        var groupOf = new IReadOnlyList<int>?[Network.Width];
        foreach (IReadOnlyList<int> group in groups)
        {
            if (group.Count == 0)
            {
                throw new ArgumentException("A group is empty; at least one neuron is expected.", nameof(groups));
            }

            foreach (int j in group)
            {
                RequireNeuron(j);
                groupOf[j] = groupOf[j] is null ? group : throw new ArgumentException($"Neuron {j} is in two groups, or twice in one.", nameof(groups));
            }
        }

        var sum = ChangeBound.None;
        var neurons = new List<(UnitNeuron, IReadOnlyList<int>)>();
        for (int j = 0; j < Network.Width; j++)
        {
            IReadOnlyList<int> group = groupOf[j] ?? [j];
            if (group.Count == 1)
            {
                neurons.Add((UnitNeuron.Of(Network, j), group));
            }
            else if (j == group[0])
            {
                UnitNeuron merged = rule([.. group.Select(member => UnitNeuron.Of(Network, member))], out ChangeBound bound);
                neurons.Add((merged, group));
                sum = sum.Plus(bound);
            }
        }

        return ContinueWith(neurons, [new ReductionStep(kind, Network.Width, neurons.Count, sum)]);
    }

    private Reduction Remove(ReductionKind kind, int[] removed, Func<ChangeBound, ChangeBound> adjust)
    {
        var gone = new bool[Network.Width];
        var sum = ChangeBound.None;
        foreach (int j in removed)
        {
            RequireNeuron(j);
            gone[j] = true;
            sum = sum.Plus(UnitNeuron.Of(Network, j).Pruned);
        }

        int left = Network.Width - removed.Length;
        if (left == 0)
        {
            throw new ArgumentException($"All {Network.Width} neurons would be removed; at least one has to stay.", nameof(removed));
        }

        (UnitNeuron, IReadOnlyList<int>)[] kept = [.. Enumerable.Range(0, Network.Width).Where(j => !gone[j]).Select(j => (UnitNeuron.Of(Network, j), (IReadOnlyList<int>)[j]))];
        return ContinueWith(kept, [new ReductionStep(kind, Network.Width, left, adjust(sum))]);
    }

    // From the strongest on, each joins the first group whose strongest neuron's outgoing direction is near.
    private List<List<int>> ByOutgoing(IReadOnlyList<int> cell, double distance)
    {
        var groups = new List<(double[] Outgoing, List<int> Neurons)>();
        foreach (int j in cell.OrderByDescending(Network.LogNormProduct))
        {
            double[] outgoing = UnitNeuron.Of(Network, j).Outgoing;
            List<int>? group = groups.Find(known => TensorPrimitives.Distance<double>(known.Outgoing, outgoing) <= distance).Neurons;
            if (group is null)
            {
                groups.Add((outgoing, [j]));
            }
            else
            {
                group.Add(j);
            }
        }

        return [.. groups.Select(group => group.Neurons)];
    }

    private void RequireNeuron(int neuron)
    {
        if ((uint)neuron >= (uint)Network.Width)
        {
            throw new ArgumentOutOfRangeException(nameof(neuron), neuron, $"Neuron {neuron} is named; the network has neurons 0 to {Network.Width - 1}.");
        }
    }
}
