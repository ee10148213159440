namespace ReluFlow.Benchmarks.Results;

/// <summary>A method none of whose runs comes near the reference, although at least one comes to T.</summary>
/// <param name="Best">The error of its best run.</param>
/// <param name="Words">Where that ends.</param>
internal sealed record WrongLimit(string Best, string Words)
{
    /// <summary>Of the runs of one method; null where one comes near or none comes to T.</summary>
    public static WrongLimit? Of(IEnumerable<ResultRow> runs)
    {
        ResultRow[] reached = [.. runs.Where(run => run.Reached)];
        if (reached.Length == 0 || reached.Any(run => run.Departure is null))
        {
            return null;
        }

        ResultRow best = reached.MinBy(run => double.IsFinite(run.Error) ? run.Error : double.PositiveInfinity)!;
        return new WrongLimit(double.IsFinite(best.Error) ? $"{Text.Error(best.Error)} ({best.Setting})" : best.Setting, best.Departure!);
    }
}
