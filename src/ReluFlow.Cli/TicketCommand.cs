using System.CommandLine;
using System.Globalization;
using ReluFlow.Capacity.Tickets;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Tickets;

namespace ReluFlow.Cli;

/// <summary><c>ticket SPEC [key=value …] [--unit neuron|weight] [--rounds R] [--share p] [--seeds N] [--rewind T] [--late T] [--out DIR] [--json]</c>: lottery tickets, controls, and what the start predicts.</summary>
internal static class TicketCommand
{
    private const int MostRounds = 1000, MostSeeds = 10_000;

    private static readonly TicketOptions s_options = new();

    private static readonly TicketRequest s_request = new();

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var spec = CommandLine.NoOption(new Argument<string>("SPEC") { Description = "The experiment spec, a YAML file." });
        Argument<string[]> overrides = CommandLine.Overrides();
        Option<string?> Option(string name, string help, string description) => new(name) { Description = description, HelpName = help };
        Option<string?> unit = Option("--unit", "neuron|weight", "What is pruned: whole neurons by |a||w| (default), or weights by magnitude within each layer (descents only).");
        Option<string?> rounds = Option("--rounds", "R", $"How many rounds of pruning (default {s_options.Rounds}); a search ends where one unit is left.");
        Option<string?> share = Option("--share", "p", string.Create(CultureInfo.InvariantCulture, $"The share of the units left that a round prunes (default {s_options.Share}); of output weights half of it."));
        Option<string?> seeds = Option("--seeds", "N", $"How many starts: initial.seed and the seeds after it (default {s_request.Seeds}; 1 for a start that is not drawn).");
        Option<string?> rewind = Option("--rewind", "T", "The flow time to which survivors are rewound: the last kept point at or before it (default 0, the start).");
        Option<string?> late = Option("--late", "T", "The flow time of the late-rewinding control (default: the last kept point before the loss leaves its first plateau).");
        Option<string?> output = Option("--out", "DIR", "Write ticket.json, ticket.csv and units.csv there (default: only show the numbers).");
        var json = new Option<bool>("--json") { Description = "Print ticket.json alone on standard output." };
        var force = new Option<bool>("--force") { Description = "Replace a ticket study that is in DIR." };
        Option<int> threads = CommandLine.Threads();
        var command = new Command("ticket", "Search for lottery tickets by pruning with rewinding, beside controls and the ticket that the start alone predicts.")
            { spec, overrides, unit, rounds, share, seeds, rewind, late, output, json, force, threads };
        command.SetAction(arguments =>
        {
            var options = new TicketOptions
            {
                Unit = Unit(arguments.GetValue(unit)),
                Rounds = Count("--rounds", arguments.GetValue(rounds), MostRounds) ?? s_options.Rounds,
                Share = Share(arguments.GetValue(share)),
                RewindTime = Time("--rewind", arguments.GetValue(rewind)) ?? 0,
                LateTime = Time("--late", arguments.GetValue(late)),
            };
            int? starts = Count("--seeds", arguments.GetValue(seeds), MostSeeds);
            string path = arguments.GetRequiredValue(spec);
            ExperimentSpec read = SpecFile.Read(path, arguments.GetValue(overrides) ?? []);
            var request = new TicketRequest
            {
                Options = options,
                Seeds = starts ?? (read.Initial.IsDrawn ? s_request.Seeds : 1),
                Threads = arguments.GetValue(threads),
                Clock = terminal.Clock,
            };
            request.RequireFits(read);
            string? directory = arguments.GetValue(output);
            if (directory is not null)
            {
                TicketDirectory.RequireUsable(directory, arguments.GetValue(force));
            }

            Experiment experiment = RunCommand.Prepare(terminal, () => Experiment.Resolve(read, Path.GetDirectoryName(Path.GetFullPath(path))!, cancellation));
            return Finish(terminal, Follow(terminal, experiment, request, cancellation), directory, arguments.GetValue(json));
        });
        return command;
    }

    private static TicketStudy Follow(Terminal terminal, Experiment experiment, TicketRequest request, CancellationToken cancellation)
    {
        var progress = new TicketProgress(terminal, request.Seeds);
        try
        {
            return TicketStudy.Of(experiment, request, progress.Of, cancellation);
        }
        finally
        {
            progress.Clear();
        }
    }

    // What was cut short is kept too, as far as it got.
    private static int Finish(Terminal terminal, TicketStudy study, string? directory, bool json)
    {
        TicketSummary summary = study.Summary;
        bool isInterrupted = summary.Status == "interrupted";
        if (isInterrupted && summary.IsEmpty)
        {
            throw new OperationCanceledException();
        }

        if (directory is not null)
        {
            TicketDirectory.Write(directory, study);
        }

        if (json)
        {
            terminal.Output.WriteLine(summary.ToJson());
        }
        else
        {
            TicketView.Show(terminal, summary, directory);
        }

        if (summary.Status != TicketSummary.Complete)
        {
            string kept = $"{summary.Results.Count} sizes of {summary.Seeds.Count} seeds were complete and are {(directory is null ? "shown" : "kept")}";
            terminal.Note($"reluflow: {summary.Status}{(summary.Message is { } message ? $" ({message})" : "")}; {kept}");
        }

        return isInterrupted ? ExitStatus.Interrupted : summary.Message is not null ? ExitStatus.SolveFailed : ExitStatus.Done;
    }

    private static TicketUnit Unit(string? text) => text switch
    {
        null or "neuron" => TicketUnit.Neuron,
        "weight" => TicketUnit.Weight,
        _ => throw new InputException($"--unit is '{text}'; neuron or weight is expected."),
    };

    private static int? Count(string name, string? text, int most) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 && count <= most ? count
        : throw new InputException($"{name} is '{text}'; a whole number from 1 to {most} is expected.");

    private static double Share(string? text) => text is null ? s_options.Share
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share) && share is > 0 and < 1 ? share
        : throw new InputException($"--share is '{text}'; a number in (0, 1) is expected.");

    private static double? Time(string name, string? text) => text is null ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double time) && double.IsFinite(time) && time >= 0 ? time
        : throw new InputException($"{name} is '{text}'; a flow time, a number ≥ 0, is expected.");
}
