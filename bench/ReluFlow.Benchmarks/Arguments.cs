using System.Globalization;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    /// <summary>How the program is called.</summary>
    public const string Usage = """
        usage: ReluFlow.Benchmarks peers   [--problem NAME] [--output DIR] [--quick] [--limit SECONDS] [--again] [--into FILE] [--images IDX-FILE]
           or: ReluFlow.Benchmarks tables  [--output DIR] [--into FILE]
           or: ReluFlow.Benchmarks certify [--problem NAME] --output DIR
           or: ReluFlow.Benchmarks descent [--images IDX-FILE] [--quick]
           or: ReluFlow.Benchmarks widths  [--output DIR] [--quick]
           or: ReluFlow.Benchmarks solve   problem.npz result.npz boost|reference TOLERANCE THREADS SECONDS
        """;

    private const string DefaultOutput = "bench/peers/results";

    /// <summary>The verb.</summary>
    public required string Verb { get; init; }

    /// <summary>The problems, in the order of the tables.</summary>
    public IReadOnlyList<FlowProblem> Problems { get; private init; } = FlowProblem.All;

    /// <summary>Whether not all problems are asked for.</summary>
    public bool IsPart => Problems.Count < FlowProblem.All.Count;

    /// <summary>Where results are.</summary>
    public string Output { get; private init; } = DefaultOutput;

    /// <summary>One round and a short limit.</summary>
    public bool IsQuick { get; private init; }

    /// <summary>Whether what has been measured is measured again.</summary>
    public bool Again { get; private init; }

    /// <summary>The limit of processor time of a run, s; null for the usual one.</summary>
    public double? Limit { get; private init; }

    /// <summary>The document that takes the tables; null for none.</summary>
    public string? Into { get; private init; }

    /// <summary>Images for the descents; null for drawn ones.</summary>
    public string? Images { get; private init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="InputException">It is not understood.</exception>
    public static Arguments Parse(IReadOnlyList<string> args)
    {
        string[] verbs = ["peers", "tables", "certify", "descent", "widths"];
        string verb = args.Count > 0 && verbs.Contains(args[0]) ? args[0] : throw new InputException($"'{(args.Count > 0 ? args[0] : "")}' is no verb.\n{Usage}");
        var parsed = new Arguments { Verb = verb };
        for (int i = 1; i < args.Count; i++)
        {
            string? value = i + 1 < args.Count ? args[i + 1] : null;
            string option = args[i];
            bool isFlag = option is "--quick" or "--again";
            parsed = option switch
            {
                "--quick" => parsed with { IsQuick = true },
                "--again" => parsed with { Again = true },
                _ when value is null => throw new InputException($"'{option}' is not understood, or its value is missing.\n{Usage}"),
                "--problem" => parsed with { Problems = Named(value) },
                "--output" => parsed with { Output = value },
                "--into" => parsed with { Into = value },
                "--images" => parsed with { Images = value },
                "--limit" => parsed with { Limit = Seconds(value) },
                _ => throw new InputException($"'{option}' is not understood.\n{Usage}"),
            };
            i += isFlag ? 0 : 1;
        }

        return parsed;
    }

    /// <summary>A positive number of seconds.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static double Seconds(string text) => Positive("seconds", text);

    /// <summary>A positive number.</summary>
    /// <exception cref="InputException">It is none.</exception>
    public static double Positive(string what, string text) => double.TryParse(text, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)
        ? value
        : throw new InputException($"{what} '{text}': a positive number is expected.");

    private static IReadOnlyList<FlowProblem> Named(string name) => name == "all" ? FlowProblem.All
        : FlowProblem.All.Where(problem => problem.Name == name).ToArray() is { Length: > 0 } named ? named
        : throw new InputException($"There is no problem '{name}'; there are {string.Join(", ", FlowProblem.All.Select(problem => problem.Name))} and all.");
}
