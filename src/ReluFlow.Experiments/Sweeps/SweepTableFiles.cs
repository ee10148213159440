namespace ReluFlow.Experiments.Sweeps;

/// <summary>The files that collecting a sweep leaves in its directory: <c>table.csv</c>, <c>table.npz</c> and <c>statistics.csv</c>.</summary>
public static class SweepTableFiles
{
    /// <summary>The table as CSV.</summary>
    public const string Csv = "table.csv";

    /// <summary>The table as npz.</summary>
    public const string Npz = "table.npz";

    /// <summary>The statistics of its groups.</summary>
    public const string Statistics = "statistics.csv";

    /// <summary>Writes them, each whole.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="table">Its table.</param>
    /// <param name="keys">The columns that make groups.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InputException">There is no such column, or the directory cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Write(SweepDirectory sweep, SweepTable table, IReadOnlyList<string> keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(table);
        IReadOnlyList<GroupStatistic> statistics = GroupStatistics.Of(table, keys, cancellation: cancellation);
        SweepDirectory.WriteWhole(sweep[Csv], table.WriteCsv);
        SweepDirectory.WriteWhole(sweep[Npz], table.WriteNpz);
        SweepDirectory.WriteWhole(sweep[Statistics], stream => GroupStatistics.WriteCsv(stream, keys, statistics));
    }
}
