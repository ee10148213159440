using System.CommandLine;
using System.Globalization;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Cli;

/// <summary><c>sweep collect DIR [--by KEY,…]</c>: one table of all runs that are done, and statistics of its groups.</summary>
internal static class SweepCollectCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var directory = CommandLine.NoOption(new Argument<string>("DIR") { Description = "The sweep directory." });
        var by = new Option<string?>("--by") { Description = "The columns whose values make groups (default: the axes but seeds).", HelpName = "KEY,…" };
        var command = new Command("collect", "Make one table of all runs that are done, and statistics of its groups.") { directory, by };
        command.SetAction(arguments =>
        {
            var sweep = SweepDirectory.Open(arguments.GetRequiredValue(directory));
            IReadOnlyList<string> keys = arguments.GetValue(by) is { } asked ? asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : GroupStatistics.DefaultKeys(sweep.Plan);
            var table = SweepTable.Collect(sweep, cancellation);
            SweepTableFiles.Write(sweep, table, keys, cancellation);
            int errors = table.ErrorRows;
            terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{table.Rows - errors:N0} of {sweep.Plan.Count:N0} points{(errors > 0 ? $" and {errors:N0} errors" : "")}, {table.Columns.Count} columns: {sweep[SweepTableFiles.Csv]}, {SweepTableFiles.Npz}; by {(keys.Count == 0 ? "nothing" : string.Join(", ", keys))}: {SweepTableFiles.Statistics}"));
            return ExitStatus.Done;
        });
        return command;
    }
}
