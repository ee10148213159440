using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>One number of the summaries over the runs of one group.</summary>
/// <param name="Group">The values that the group's runs have in common.</param>
/// <param name="Quantity">The column.</param>
/// <param name="Count">How many runs have the number; failed ones are left out.</param>
/// <param name="Mean">Its mean.</param>
/// <param name="MeanBand">The 95 % band of the mean: percentiles of the means of resampled groups; of a probability <see cref="Proportion.Band"/>.</param>
/// <param name="Quantiles">Its quantiles at <see cref="GroupStatistics.Levels"/>, linear between order statistics.</param>
public sealed record GroupStatistic(IReadOnlyList<string> Group, string Quantity, int Count, double Mean, (double Low, double High) MeanBand, IReadOnlyList<double> Quantiles);

/// <summary>Statistics of a sweep's table by groups: mean with its bootstrap band, and quantiles.</summary>
public static class GroupStatistics
{
    /// <summary>How often a group is resampled.</summary>
    public const int Resamples = 1000;

    private const double LowTail = 0.025, HighTail = 0.975;

    /// <summary>The levels of the quantiles.</summary>
    public static IReadOnlyList<double> Levels { get; } = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>The columns that make groups unless told otherwise: the axes but seeds and repeats.</summary>
    public static IReadOnlyList<string> DefaultKeys(SweepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. plan.Columns.Where(column => !SweepAxis.IsRepetition(column)).Select(PointParameters.ColumnOf)];
    }

    /// <summary>Computes the statistics of every numeric result, group by group in the order of their first rows. The same table gives the same bits.</summary>
    /// <param name="table">The table.</param>
    /// <param name="keys">The columns whose values make groups; with none all runs are one group.</param>
    /// <param name="quantities">The results that are asked for; null for every numeric one.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <remarks>Cost O(rows × <see cref="Resamples"/> × results); a group of one run is not resampled: its band is its value. A group's resamples are drawn with a seed made of its values alone, so other groups do not change them.</remarks>
    /// <exception cref="InputException">There is no such column.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<GroupStatistic> Of(SweepTable table, IReadOnlyList<string> keys, IReadOnlyList<string>? quantities = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(keys);
        if (table.Rows == 0)
        {
            return [];
        }

        TableColumn[] by = [.. keys.Select(table.Column)];
        IReadOnlyList<string?> status = table.Column(SummaryValues.Status).Cells;
        string[] failures = [KebabName.Of(RunStatus.Failed), "error"];
        TableColumn[] results = [.. table.Columns.Where(column => !column.IsParameter && column.Numbers is not null && !SummaryValues.IsIndex(column.Name) && (quantities is null || quantities.Contains(column.Name)))];
        return
        [
            .. Enumerable.Range(0, table.Rows).Where(row => !failures.Contains(status[row]))
                .GroupBy(row => string.Join('\u001f', by.Select(column => column.Cells[row])))
                .AsParallel().AsOrdered().WithCancellation(cancellation)
                .SelectMany(group => Of(group.Key, [.. group], by, results)),
        ];
    }

    /// <summary>Writes statistics as CSV.</summary>
    public static void WriteCsv(Stream stream, IReadOnlyList<string> keys, IReadOnlyList<GroupStatistic> statistics)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(statistics);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        IEnumerable<string> quantiles = Levels.Select(level => string.Create(CultureInfo.InvariantCulture, $"q{level * 100:00}"));
        writer.WriteLine(string.Join(',', (IEnumerable<string>)[.. keys.Select(CsvText.Of), "quantity", "count", "mean", "mean_low", "mean_high", .. quantiles]));
        foreach (GroupStatistic one in statistics)
        {
            IEnumerable<string> numbers = new double[] { one.Count, one.Mean, one.MeanBand.Low, one.MeanBand.High }.Concat(one.Quantiles).Select(number => number.ToString("R", CultureInfo.InvariantCulture));
            writer.WriteLine(string.Join(',', (IEnumerable<string>)[.. one.Group.Select(CsvText.Of), CsvText.Of(one.Quantity), .. numbers]));
        }
    }

    /// <summary>The quantile of sorted numbers at a level p: linear between order statistics at p (n − 1), as NumPy's default.</summary>
    public static double Quantile(ReadOnlySpan<double> sorted, double level)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length);
        double place = level * (sorted.Length - 1);
        int below = (int)Math.Floor(place), above = Math.Min(below + 1, sorted.Length - 1);
        double share = place - below;
        return share == 0 ? sorted[below] : sorted[below] + (share * (sorted[above] - sorted[below]));
    }

    private static IEnumerable<GroupStatistic> Of(string name, int[] rows, TableColumn[] by, TableColumn[] quantities)
    {
        string[] group = [.. by.Select(column => column.Cells[rows[0]] ?? "")];
        double[][] values = [.. quantities.Select(column => rows.Select(row => column.Numbers![row]).ToArray())];
        double[][] means = rows.Length > 1 ? ResampledMeans(name, rows.Length, values) : values;
        for (int q = 0; q < quantities.Length; q++)
        {
            double[] present = [.. values[q].Where(double.IsFinite).Order()];
            if (present.Length > 0)
            {
                double mean = Mean(values[q]);
                (double Low, double High) band = quantities[q].Name == SummaryValues.Interpolated ? Proportion.Band(mean, present.Length) : Percentiles(means[q]);
                yield return new GroupStatistic(group, quantities[q].Name, present.Length, mean, band, [.. Levels.Select(level => Quantile(present, level))]);
            }
        }
    }

    private static (double Low, double High) Percentiles(double[] means)
    {
        double[] sorted = [.. means.Where(double.IsFinite).Order()];
        return (Quantile(sorted, LowTail), Quantile(sorted, HighTail));
    }

    private static double Mean(double[] values)
    {
        double[] present = [.. values.Where(double.IsFinite)];
        return TensorPrimitives.Sum<double>(present) / present.Length;
    }

    // How often each run is drawn is the same for all quantities, so a resample costs one product each.
    private static double[][] ResampledMeans(string name, int runs, double[][] values)
    {
        var stream = new RandomStream(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
        double[][] present = [.. values.Select(column => column.Select(value => double.IsFinite(value) ? 1.0 : 0).ToArray())];
        double[][] filled = [.. values.Select(column => column.Select(value => double.IsFinite(value) ? value : 0).ToArray())];
        double[][] means = [.. values.Select(_ => new double[Resamples])];
        var drawn = new double[runs];
        for (int resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(drawn);
            for (int draw = 0; draw < runs; draw++)
            {
                drawn[stream.NextInteger(runs)]++;
            }

            for (int q = 0; q < values.Length; q++)
            {
                means[q][resample] = TensorPrimitives.Dot<double>(drawn, filled[q]) / TensorPrimitives.Dot<double>(drawn, present[q]);
            }
        }

        return means;
    }
}
