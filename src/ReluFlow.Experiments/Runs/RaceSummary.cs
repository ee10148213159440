using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Runs;

/// <summary>The neurons of a run as <c>summary.json</c> keeps them.</summary>
public sealed record RaceSummary
{
    /// <summary>At most this many clusters are kept, the largest; each has two entrants or more.</summary>
    public const int MostClusters = 20;

    /// <summary>Flow time from which the race is predicted.</summary>
    public required double EarlyTime { get; init; }

    /// <summary>How many neurons are in each state at the end, by its name in snake case.</summary>
    public required IReadOnlyDictionary<string, int> States { get; init; }

    /// <summary>How many unlockings had each cause, by its name in snake case.</summary>
    public required IReadOnlyDictionary<string, int> Unlockings { get; init; }

    /// <summary>The neurons whose growth up to the early time has a closed form.</summary>
    public required int ClosedFormNeurons { get; init; }

    /// <summary>The largest distance of a ln ‖a‖‖w‖ from it; left out where there are no such neurons.</summary>
    public double ClosedFormDeviation { get; init; } = double.NaN;

    /// <summary>The races in clusters, the largest cluster first.</summary>
    public required IReadOnlyList<ClusterRaceSummary> Clusters { get; init; }

    internal static RaceSummary Of(NeuronRace neurons) => new()
    {
        EarlyTime = neurons.Race.EarlyTime,
        States = Enum.GetValues<NeuronState>().ToDictionary(SnakeName.Of, state => neurons.Ledger.Count(neurons.Ledger.Points.Count - 1, state)),
        Unlockings = Enum.GetValues<UnlockingCause>().ToDictionary(SnakeName.Of, cause => neurons.Ledger.Unlockings.Count(unlocking => unlocking.Cause == cause)),
        ClosedFormNeurons = neurons.Race.ClosedForm.Neurons.Count,
        ClosedFormDeviation = neurons.Race.ClosedForm.Deviation,
        Clusters = [.. neurons.Race.Clusters.Where(cluster => cluster.Entrants.Count > 1).OrderByDescending(cluster => cluster.Entrants.Count).Take(MostClusters).Select(ClusterRaceSummary.Of)],
    };
}
