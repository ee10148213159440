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
            SweepView.ShowStatus(terminal, sweep, SweepStatus.Of(sweep, terminal.Clock));
            ShowSubmissions(terminal, sweep);

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
            asked = asked.OnSlurm && last is not null ? asked with { Passed = [.. last.Passed, .. asked.Passed], Chunk = asked.Chunk ?? last.Chunk, MaxFailures = asked.MaxFailures ?? last.MaxFailures } : asked;
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
            SlurmSubmission[] running = [.. SlurmExecutor.Submissions(SweepDirectory.Open(arguments.GetRequiredValue(directory))).Where(submission => SlurmExecutor.TasksOf(submission).Left.Count > 0)];
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
        var maxFailures = new Option<int?>("--max-failures");
        var command = new Command("task", "What a Slurm task calls.") { directory, number, chunk, task, threads, maxFailures };
        command.Hidden = true;
        command.SetAction(arguments =>
        {
            var sweep = SweepDirectory.Open(arguments.GetRequiredValue(directory));
            IReadOnlyList<int> points = SlurmSubmission.PointsOf(sweep, arguments.GetRequiredValue(number), arguments.GetRequiredValue(chunk), arguments.GetRequiredValue(task));
            int? allowed = arguments.GetValue(maxFailures);
            if (allowed is not null)
            {
                // Those of the tasks before it count too.
                allowed -= SweepStatus.Failures(sweep, SlurmSubmission.PointsOf(sweep, arguments.GetRequiredValue(number)));
            }

            if (allowed <= 0)
            {
                terminal.Note("reluflow: as many runs have failed as --max-failures allows; this task begins none");
                return ExitStatus.SolveFailed;
            }

            return new SweepExecution(OnSlurm: false, arguments.GetValue(threads), allowed, null, []).Run(sweep, points, 0, terminal, cancellation);
        });
        return command;
    }

    // Where Slurm cannot be asked from, the records still say what was submitted.
    private static void ShowSubmissions(Terminal terminal, SweepDirectory sweep)
    {
        foreach (SlurmSubmission recorded in SlurmSubmission.AllOf(sweep))
        {
            try
            {
                SlurmSubmission submission = recorded.Job is null ? SlurmExecutor.Submissions(sweep).First(found => found.Number == recorded.Number) : recorded;
                SweepView.ShowSubmission(terminal, submission, SlurmExecutor.TasksOf(submission));
            }
            catch (InputException)
            {
                SweepView.ShowSubmission(terminal, recorded, null);
            }
        }
    }

    private static Argument<string> Directory() => CommandLine.NoOption(new Argument<string>("DIR") { Description = "The sweep directory." });

    private static Argument<int> Number(string name) => new(name) { Description = "A whole number." };
}
