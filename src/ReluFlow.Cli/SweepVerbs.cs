using System.CommandLine;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Cli;

/// <summary>The verbs on a sweep directory: <c>status</c>, <c>resume</c>, <c>cancel</c>, and <c>task</c>, which Slurm's tasks call.</summary>
internal static class SweepVerbs
{
    public static Command Status(Terminal terminal)
    {
        Argument<string> directory = Directory();
        var command = new Command("status", "Say how a sweep stands, from its directory and from Slurm.") { directory };
        command.SetAction(arguments =>
        {
            var sweep = SweepDirectory.Open(arguments.GetRequiredValue(directory));
            SweepView.ShowStatus(terminal, sweep, SweepStatus.Of(sweep));
            foreach (SlurmSubmission submission in SlurmSubmission.AllOf(sweep))
            {
                SweepView.ShowSubmission(terminal, submission, TasksOf(submission));
            }

            return ExitStatus.Done;
        });
        return command;
    }

    public static Command Resume(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> directory = Directory();
        var execution = new SweepExecutionOptions();
        var command = new Command("resume", "Run what a sweep has not run yet, as it was run before unless told otherwise.") { directory };
        execution.AddTo(command);
        command.SetAction(arguments =>
        {
            var sweep = SweepDirectory.Open(arguments.GetRequiredValue(directory));
            SlurmSubmission? last = SlurmSubmission.AllOf(sweep) is [.., var latest] ? latest : null;
            SweepExecution asked = execution.Of(arguments, last is null ? null : SweepExecutionOptions.Slurm);

            // Of an option that is given twice sbatch takes the last.
            asked = asked.OnSlurm && last is not null ? asked with { Passed = [.. last.Passed, .. asked.Passed] } : asked;
            asked.RequireExecutor();
            return asked.Execute(sweep, terminal, cancellation);
        });
        return command;
    }

    public static Command Cancel(Terminal terminal)
    {
        Argument<string> directory = Directory();
        var command = new Command("cancel", "Cancel a sweep's Slurm jobs; what is done stays.") { directory };
        command.SetAction(arguments =>
        {
            SlurmSubmission[] running = [.. SlurmSubmission.AllOf(SweepDirectory.Open(arguments.GetRequiredValue(directory))).Where(submission => SlurmExecutor.TasksOf(submission).Count > 0)];
            foreach (SlurmSubmission submission in running)
            {
                SlurmExecutor.Cancel(submission);
                terminal.Line($"job {submission.Job} is cancelled");
            }

            if (running.Length == 0)
            {
                terminal.Note("there is no Slurm job of this sweep to cancel; a local one ends by Ctrl-C");
            }

            return ExitStatus.Done;
        });
        return command;
    }

    public static Command Task(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> directory = Directory();
        Argument<int> number = Number("SUBMISSION"), chunk = Number("CHUNK"), task = Number("TASK");
        Option<int> threads = CommandLine.Threads();
        var command = new Command("task", "What a Slurm task calls.") { directory, number, chunk, task, threads };
        command.Hidden = true;
        command.SetAction(arguments =>
        {
            var sweep = SweepDirectory.Open(arguments.GetRequiredValue(directory));
            IReadOnlyList<int> points = SlurmSubmission.PointsOf(sweep, arguments.GetRequiredValue(number), arguments.GetRequiredValue(chunk), arguments.GetRequiredValue(task));
            return new SweepExecution(OnSlurm: false, arguments.GetValue(threads), int.MaxValue, null, []).Run(sweep, points, 0, terminal, cancellation);
        });
        return command;
    }

    /// <summary>How many tasks Slurm still has of a submission; null where Slurm cannot be asked from here.</summary>
    private static IReadOnlyDictionary<string, int>? TasksOf(SlurmSubmission submission)
    {
        try
        {
            return SlurmExecutor.TasksOf(submission);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static Argument<string> Directory() => CommandLine.NoOption(new Argument<string>("DIR") { Description = "The sweep directory." });

    private static Argument<int> Number(string name) => new(name) { Description = "A whole number." };
}
