using System.CommandLine;
using System.Globalization;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Cli;

/// <summary><c>sweep SPEC [--executor local|slurm] [--dry-run] [--out DIR] …</c> and the verbs on a sweep directory.</summary>
internal static class SweepCommand
{
    /// <summary>More points than this are run only with --yes.</summary>
    private const int MostPoints = 100_000;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var spec = CommandLine.NoOption(new Argument<string?>("SPEC") { Description = "The sweep spec, a YAML file, or the name of a shipped sweep.", Arity = ArgumentArity.ZeroOrOne });
        var list = new Option<bool>("--list") { Description = "Name the shipped sweeps." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only list the points and estimate what they cost." };
        var output = new Option<string?>("--out") { Description = "The sweep directory (default runs/NAME-HASH).", HelpName = "DIR" };
        var yes = new Option<bool>("--yes") { Description = string.Create(CultureInfo.InvariantCulture, $"Run more than {MostPoints:N0} points.") };
        var execution = new SweepExecutionOptions();
        var command = new Command("sweep", "Run many experiments, on all cores or on Slurm.") { spec, list, dryRun, output, yes };
        execution.AddTo(command);
        command.Subcommands.Add(SweepVerbs.Status(terminal));
        command.Subcommands.Add(SweepVerbs.Resume(terminal, cancellation));
        command.Subcommands.Add(SweepVerbs.Cancel(terminal));
        command.Subcommands.Add(SweepCollectCommand.Create(terminal, cancellation));
        command.Subcommands.Add(SweepVerbs.Task(terminal, cancellation));
        command.SetAction(arguments =>
        {
            if (arguments.GetValue(list))
            {
                List(terminal);
                return ExitStatus.Done;
            }

            var plan = new SweepPlan(ShippedSweep.ReadOrFind(arguments.GetValue(spec) ?? throw new InputException("sweep needs SPEC, --list or one of the verbs status, resume, cancel and collect; see reluflow sweep --help.")));
            if (plan.Count > MostPoints && !arguments.GetValue(yes))
            {
                throw new InputException(string.Create(CultureInfo.InvariantCulture, $"sweep {plan.Spec.Name} has {plan.Count:N0} points; more than {MostPoints:N0} are taken with --yes only."));
            }

            plan.RequireValid();
            string directory = arguments.GetValue(output) ?? SweepDirectory.DefaultPath(plan.Spec);
            SweepExecution asked = execution.Of(arguments);
            if (arguments.GetValue(dryRun))
            {
                SweepView.ShowPoints(terminal, plan);
                SweepView.ShowCost(terminal, plan, EstimateFor(plan, directory, terminal, cancellation), asked.Threads);
                return ExitStatus.Done;
            }

            asked.RequireExecutor();
            return asked.Execute(SweepDirectory.Create(plan, directory), terminal, cancellation);
        });
        return command;
    }

    private static CostEstimate EstimateFor(SweepPlan plan, string directory, Terminal terminal, CancellationToken cancellation) =>
        (File.Exists(Path.Combine(directory, SweepDirectory.SpecFileName)) ? CostEstimate.FromRuns(SweepDirectory.Open(directory)) : null)
        ?? CostEstimate.FromTrials(plan, terminal.Clock, cancellation);

    private static void List(Terminal terminal)
    {
        int width = ShippedSweep.Names.Max(name => name.Length);
        foreach (string name in ShippedSweep.Names)
        {
            terminal.Line($"{name.PadRight(width)}  {ShippedSweep.DescriptionOf(name)}");
        }
    }
}
