using MathNet.Numerics.Statistics;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>An experiment run again and again with one value of its spec changed, and how its numbers change with it.</summary>
public sealed class RunSeries
{
    private readonly IReadOnlyList<IReadOnlyList<ComparedQuantity>> _quantities;

    private RunSeries(SeriesOptions options, IReadOnlyList<RunResult> runs)
    {
        Options = options;
        Runs = runs;
        _quantities = [.. runs.Select(run => Comparison.Of(run).Quantities)];
    }

    /// <summary>What was asked for.</summary>
    public SeriesOptions Options { get; }

    /// <summary>The runs, one a value.</summary>
    public IReadOnlyList<RunResult> Runs { get; }

    /// <summary>
    /// The numbers under the names that expectation files use: for each value <c>series.VALUE.NAME</c>, and <c>series.trend.NAME</c>, the rank correlation of the number with its place in
    /// the series, 1 where it always rises.
    /// </summary>
    public IReadOnlyList<ComparedQuantity> Quantities =>
    [
        .. Options.Values.SelectMany((value, i) => Options.Quantities.Select(name => Of(i, name) is { } found
            ? found with { Name = $"series.{value}.{name}", Label = $"{Options.Key} = {value}: {found.Label.Trim()}" }
            : new ComparedQuantity($"series.{value}.{name}", $"{Options.Key} = {value}: {name}", null, Standing.Measured))),
        .. Options.Quantities.Select(name => new ComparedQuantity($"series.trend.{name}", $"rank correlation of {Options.Key}'s place and {LabelOf(name)}", Trend(name), Standing.Measured)),
    ];

    /// <summary>Makes the runs, one after another; each is kept in a run directory like any other.</summary>
    /// <param name="options">Which.</param>
    /// <param name="resolve">The experiment with a list of overrides.</param>
    /// <param name="follow">Runs an experiment; the second argument tells the runs of one series apart.</param>
    /// <exception cref="InputException">A value is none of the key's, or a run directory cannot be used.</exception>
    /// <returns>The series; null where a run did not come to its end.</returns>
    public static RunSeries? Of(SeriesOptions options, Func<IReadOnlyList<string>, Experiment> resolve, Func<Experiment, string, RunResult> follow)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(resolve);
        ArgumentNullException.ThrowIfNull(follow);
        var runs = new List<RunResult>();
        foreach (string value in options.Values)
        {
            RunResult run = follow(resolve([$"{options.Key}={value}"]), value);
            if (!run.Summary.IsFinished || run.Summary.Status == RunStatus.Failed)
            {
                return null;
            }

            runs.Add(run);
        }

        return new RunSeries(options, runs);
    }

    /// <summary>A followed number of one run; null where the run has none of that name.</summary>
    public ComparedQuantity? Of(int run, string name) => _quantities[run].FirstOrDefault(quantity => quantity.Name == name);

    /// <summary>A followed number in words.</summary>
    public string LabelOf(string name) => Enumerable.Range(0, Runs.Count).Select(i => Of(i, name)?.Label.Trim()).FirstOrDefault(label => label is not null) ?? name;

    // Null where a run lacks the number, or all have the same.
    private double? Trend(string name)
    {
        double[] values = [.. Enumerable.Range(0, Runs.Count).Select(i => Of(i, name)?.Measured ?? double.NaN)];
        double trend = values.Any(double.IsNaN) ? double.NaN : Correlation.Spearman(values, Enumerable.Range(0, values.Length).Select(i => (double)i));
        return double.IsNaN(trend) ? null : trend;
    }
}
