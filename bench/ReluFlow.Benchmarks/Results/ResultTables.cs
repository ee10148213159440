using System.Globalization;
using System.Text;

namespace ReluFlow.Benchmarks.Results;

/// <summary>Results as Markdown.</summary>
internal static class ResultTables
{
    /// <summary>Errors at which everyone is compared.</summary>
    private static readonly double[] s_errors = [1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10];

    /// <summary>All of it: the comparison at equal error, what ends elsewhere, and a section a problem.</summary>
    public static string Write(IReadOnlyList<ProblemResult> problems)
    {
        var text = new StringBuilder();
        AppendComparison(text, problems);
        AppendDepartures(text, problems);
        foreach (ProblemResult problem in problems)
        {
            Append(text, problem);
        }

        return text.ToString();
    }

    /// <summary>The ratio to the best peer at equal error, by processor time of the solve and by wall time of whole processes.</summary>
    private static void AppendComparison(StringBuilder text, IReadOnlyList<ProblemResult> problems)
    {
        text.AppendLine("### At equal error\n");
        text.AppendLine("| problem | error | BoostFlow | best peer | its time over ours | of whole processes |\n|---|---|---|---|---|---|");
        foreach (ProblemResult problem in problems)
        {
            (WorkCurve? ours, WorkCurve[] peers) = Curves(problem, row => row.Processor.Median);
            (WorkCurve? whole, WorkCurve[] wholePeers) = Curves(problem, row => row.Process?.Median);
            foreach (double error in s_errors.Where(error => error >= problem.Uncertainty))
            {
                if (ours is null || EqualError.At(error, ours, peers) is not { } solve)
                {
                    continue;
                }

                EqualError? process = whole is null ? null : EqualError.At(error, whole, wholePeers);
                string peer = solve.Peer is null ? "" : $"{solve.Peer}: {Text.Time(solve.Theirs)}{(solve.IsBound ? $" for {Text.Error(solve.PeerError)}" : "")}";
                text.AppendLine(CultureInfo.InvariantCulture, $"| {problem.Name} | {Text.Setting(error)} | {Text.Time(solve.Ours)} | {peer} | {Short(solve)} | {(process is null ? "" : $"{Short(process)}{(process.Peer is null ? "" : $" ({process.Peer})")}")} |");
            }
        }

        text.AppendLine();
    }

    /// <summary>Who has come to T at every setting that finished, and nowhere near the reference.</summary>
    private static void AppendDepartures(StringBuilder text, IReadOnlyList<ProblemResult> problems)
    {
        text.AppendLine("### Wrong limits\n\n| problem | method | best of its runs | where it ends |\n|---|---|---|---|");
        foreach (ProblemResult problem in problems)
        {
            foreach (IGrouping<string, ResultRow> method in problem.Rows.Where(row => !row.IsOurs).GroupBy(row => row.Method))
            {
                if (WrongLimit.Of(method) is { } wrong)
                {
                    text.AppendLine(CultureInfo.InvariantCulture, $"| {problem.Name} | {method.Key} | {wrong.Best} | {wrong.Words} |");
                }
            }
        }

        text.AppendLine();
    }

    private static void Append(StringBuilder text, ProblemResult problem)
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"### {problem.Title}\n");
        foreach (string line in problem.Reference.Concat(problem.Notes).Append($"Measured in {problem.Plan}."))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"- {line}");
        }

        text.AppendLine("\n| method | setting | work | processor, least / median | wall, least / median | whole process, least / median | error | best peer at that error | where it ends otherwise | balancedness drift | energy error |\n|---|---|---|---|---|---|---|---|---|---|---|");
        (_, WorkCurve[] peers) = Curves(problem, row => row.Processor.Median);
        foreach (ResultRow row in problem.Rows)
        {
            text.AppendLine(Line(row, problem.Uncertainty, peers));
        }

        text.AppendLine();
        if (problem.Scales.Count > 0)
        {
            text.AppendLine("Until L ≤ 1e-13 at tolerance 1e-5:\n\n| λ | steps | rejected | sweeps | flow time | processor |\n|---|---|---|---|---|---|");
            foreach (ScaleRow row in problem.Scales)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Scale} | {row.Steps} | {row.Rejected} | {row.Sweeps} | {row.End} | {Text.Time(row.Processor)} |");
            }

            text.AppendLine();
        }
    }

    private static string Line(ResultRow row, double uncertainty, WorkCurve[] peers)
    {
        bool compared = row.IsOurs && row.Reached && row.Method == Contenders.Boost;
        string[] cells =
        [
            row.Method,
            row.Setting,
            row.Work,
            Text.Times(row.Processor) + (row.Runs == 1 ? " *" : ""),
            Text.Times(row.Wall),
            row.Process is { } process ? Text.Times(process) : "",
            !row.Reached ? row.Outcome : !double.IsFinite(row.Error) ? "not finite" : row.Error < uncertainty ? $"≤ {Text.Error(uncertainty)}" : Text.Error(row.Error),
            compared ? EqualError.Against(Math.Max(row.Error, uncertainty), row.Processor.Median, peers).Describe() : "",
            row.Departure ?? "",
            row.BalancednessDrift is double drift ? Text.Error(drift) : "",
            row.EnergyError is double energy ? Text.Error(energy) : "",
        ];
        return $"| {string.Join(" | ", cells)} |";
    }

    private static (WorkCurve? Ours, WorkCurve[] Peers) Curves(ProblemResult problem, Func<ResultRow, double?> time) => (
        WorkCurve.Of(problem.Rows.Where(row => row.Method == Contenders.Boost), problem.Uncertainty, time).SingleOrDefault(),
        WorkCurve.Of(problem.Rows.Where(row => !row.IsOurs), problem.Uncertainty, time));

    private static string Short(EqualError comparison) => comparison.Peer is null ? EqualError.NoPeer : $"{(comparison.IsBound ? "> " : "")}{Text.Ratio(comparison.Ratio)}";
}
