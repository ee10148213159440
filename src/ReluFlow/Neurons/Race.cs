using ReluFlow.Flows;

namespace ReluFlow.Neurons;

/// <summary>The race of equivalent neurons: norm products at the end, predicted from an early point by head starts, cluster by cluster.</summary>
/// <remarks>
/// Under a constant M a norm product tends to ¼ e^{H} e^{2 s₁ t}, H the <see cref="NeuronRecord.LogHeadStart"/>, so members with one gate keep the ratio e^{H_j − H_i} [D]. The
/// saturation that ends the growth does not change it: v_j = (w_j, a_j) obeys v_j' = [[0, D], [Dᵀ, 0]] v_j, and members with one gate have one D(t), so one linear map takes all
/// of them from any time to any later one; once their v_j are parallel they stay so and keep their ratios exactly, however D turns or fades, for any loss, and in plain descent, with
/// mini-batches too. With momentum the map acts on v_j and its velocity together, so both must be parallel; Adam's rescaling is no such map. What moves shares is a gate that differs, and what is not yet aligned when D turns. Source of the principle: [Race]; the rest is derived here [D].
/// </remarks>
public sealed class Race
{
    private Race(NeuronLedger ledger, int early, IReadOnlyList<IReadOnlyList<int>> clusters, RaceOptions options)
    {
        EarlyPoint = early;
        EarlyTime = ledger.Points[early].Time;
        Clusters = [.. clusters.Select(cluster => new ClusterRace(ledger, early, cluster))];
        ClosedForm = ClosedFormCheck.Of(ledger, early, options);
        Remark = early + 1 < ledger.Points.Count ? null
            : options.EarlyPoint is null ? "the loss has not left its first plateau, so the race is predicted of nobody"
            : "the early time is that of the last kept point, so the race is predicted of nobody";
    }

    /// <summary>The kept point from which the race is predicted.</summary>
    public int EarlyPoint { get; }

    /// <summary>Its flow time.</summary>
    public double EarlyTime { get; }

    /// <summary>One race a cluster, in the order of the clusters.</summary>
    public IReadOnlyList<ClusterRace> Clusters { get; }

    /// <summary>The closed form of the growth up to the early point, where it applies.</summary>
    public ClosedFormCheck ClosedForm { get; }

    /// <summary>Why nothing is predicted, where the early point is the last one and would predict itself; null elsewhere.</summary>
    public string? Remark { get; }

    /// <summary>Predicts and measures. Cost O(m · points) and that of Kendall's τ, O(size²) a cluster.</summary>
    /// <param name="ledger">The neurons of a run.</param>
    /// <param name="clusters">Neurons that race each other; no neuron in two of them.</param>
    /// <param name="options">The early point; null for the defaults.</param>
    /// <exception cref="ArgumentException">A cluster names a neuron that there is not, or one is named twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The early point is none of the kept points.</exception>
    public static Race Of(NeuronLedger ledger, IReadOnlyList<IReadOnlyList<int>> clusters, RaceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(clusters);
        options ??= new RaceOptions();
        RequirePartition(clusters, ledger.Width);
        int early = options.EarlyPoint ?? LastOfFirstPlateau(ledger.Points, options.PlateauShare);
        return early >= 0 && early < ledger.Points.Count
            ? new Race(ledger, early, clusters, options)
            : throw new ArgumentOutOfRangeException(nameof(options), early, $"The early point is {early}; one of the {ledger.Points.Count} kept points, counted from 0, is expected.");
    }

    /// <summary>The last point up to which the loss has not fallen by more than the share.</summary>
    internal static int LastOfFirstPlateau(IReadOnlyList<TrajectoryPoint> points, double share)
    {
        int last = 0;
        while (last + 1 < points.Count && points[last + 1].Loss >= (1 - share) * points[0].Loss)
        {
            last++;
        }

        return last;
    }

    private static void RequirePartition(IReadOnlyList<IReadOnlyList<int>> clusters, int width)
    {
        var seen = new HashSet<int>();
        foreach (int j in clusters.SelectMany(cluster => cluster))
        {
            if (j < 0 || j >= width || !seen.Add(j))
            {
                throw new ArgumentException($"A cluster has neuron {j}, {(j < 0 || j >= width ? $"of a network with {width} neurons" : "which is in one already")}; each neuron at most once is expected.", nameof(clusters));
            }
        }
    }
}
