using System.Globalization;

namespace ReluFlow.Tests.Work;

/// <summary>What the runs of <see cref="WorkProblem"/> cost, as it is committed: lines of quantity, count and problem.</summary>
internal static class WorkTable
{
    /// <summary>The quantity that is memory, not work: bytes allocated for an attempted step.</summary>
    public const string Bytes = "bytes-per-step";

    /// <summary>Set to 1, the table is written anew instead of compared.</summary>
    public const string Update = "RELUFLOW_UPDATE_WORK";

    /// <summary>By how much a count may differ: other vector units add in another order, which moves a step or a gate change here and there.</summary>
    private const double Allowed = 0.05;

    /// <summary>And by how much at least: one of a few.</summary>
    private const long AllowedCount = 2;

    /// <summary>
    /// By how much allocations may grow. Code that the runtime has compiled twice keeps some short-lived objects on the stack,
    /// so they depend on how soon that is; fewer are no reason to write the table anew.
    /// </summary>
    private const double AllowedBytes = 0.25;

    /// <summary>Too few bytes to be more than a list that grows: allowed whatever the table says.</summary>
    private const long FewBytes = 256;

    private const string Header = "quantity,count,problem";

    private static readonly string s_path = Path.Combine(Checkout.Root, "test", "ReluFlow.Tests", "Work", "work.csv");

    /// <summary>The names of the problems in the table.</summary>
    public static IEnumerable<string> Problems => Lines().Select(line => line.Problem).Distinct();

    /// <summary>The counts of a problem, none where it is not in the table.</summary>
    public static IReadOnlyDictionary<string, long> Of(string problem) => Lines().Where(line => line.Problem == problem).ToDictionary(line => line.Quantity, line => line.Count);

    /// <summary>Puts a problem's counts in the place of those the table has.</summary>
    public static void Write(string problem, IReadOnlyDictionary<string, long> counts)
    {
        IEnumerable<(string Quantity, long Count, string Problem)> lines = Lines().Where(line => line.Problem != problem).Concat(counts.Select(count => (count.Key, count.Value, problem)));
        File.WriteAllLines(s_path, [Header, .. lines.OrderBy(line => line.Problem, StringComparer.Ordinal).Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Quantity},{line.Count},{line.Problem}"))]);
    }

    /// <summary>What differs by more than is allowed, a sentence each.</summary>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, long> expected, IReadOnlyDictionary<string, long> counted)
    {
        List<string> differences = [.. expected.Keys.Except(counted.Keys).Select(quantity => $"{quantity} is no longer counted")];
        foreach ((string quantity, long count) in counted)
        {
            if (!expected.TryGetValue(quantity, out long was))
            {
                differences.Add($"{quantity} is {count} and not in the table");
            }
            else if (!IsAllowed(quantity, was, count))
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{quantity} is {count}, {(count > was ? "more" : "less")} than the table's {was} ({(100.0 * (count - was)) / Math.Max(was, 1):+0;-0} %)"));
            }
        }

        return differences;
    }

    private static bool IsAllowed(string quantity, long was, long count) => quantity == Bytes
        ? count <= Math.Max(FewBytes, was * (1 + AllowedBytes))
        : Math.Abs(count - was) <= Math.Max(AllowedCount, Allowed * was);

    private static (string Quantity, long Count, string Problem)[] Lines() => !File.Exists(s_path) ? [] :
    [
        .. File.ReadLines(s_path).Skip(1).Select(line => line.Split(',', 3)).Select(parts => (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2])),
    ];
}
