using System.CommandLine;
using System.Globalization;
using ReluFlow.Experiments;

namespace ReluFlow.Cli;

/// <summary>The options that say where and how the runs of a sweep are carried out.</summary>
internal sealed class SweepExecutionOptions
{
    /// <summary>The name of the executor that is Slurm.</summary>
    public const string Slurm = "slurm";

    private const string Local = "local";

    private readonly Option<string?> _executor = new("--executor") { Description = "Where the runs are carried out: local (the default), on the processors of this machine, or slurm, as one job array.", HelpName = "local|slurm" };
    private readonly Option<int> _threads = CommandLine.Threads();
    private readonly Option<string?> _maxFailures = new("--max-failures") { Description = "Begin no further run after so many have failed.", HelpName = "N" };
    private readonly Option<string?> _chunk = new("--chunk") { Description = "slurm: runs of one task (default: as many as take about five minutes).", HelpName = "N" };
    private readonly Option<string?> _partition = new("--partition") { Description = "slurm: passed on to sbatch.", HelpName = "NAME" };
    private readonly Option<string?> _time = new("--time") { Description = "slurm: passed on to sbatch.", HelpName = "TIME" };
    private readonly Option<string?> _memory = new("--mem") { Description = "slurm: passed on to sbatch.", HelpName = "SIZE" };
    private readonly Option<string[]> _others = new("--slurm") { Description = "slurm: --slurm.KEY=VALUE is passed on to sbatch as --KEY=VALUE, --slurm.KEY as --KEY.", HelpName = "KEY=VALUE" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_executor, _threads, _maxFailures, _chunk, _partition, _time, _memory, _others])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What was asked for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="executor">Where the runs are carried out unless the command line says so; null for local.</param>
    public SweepExecution Of(ParseResult arguments, string? executor = null)
    {
        string chosen = arguments.GetValue(_executor) ?? executor ?? Local;
        if (chosen is not (Local or Slurm))
        {
            throw new InputException($"--executor is '{chosen}'; local or slurm is expected.");
        }

        int threads = arguments.GetValue(_threads);

        // A task uses as many threads as Slurm gives it processors.
        string?[] passed = [chosen == Slurm && threads > 0 ? Passed("cpus-per-task", threads.ToString(CultureInfo.InvariantCulture)) : null, Passed("partition", arguments.GetValue(_partition)), Passed("time", arguments.GetValue(_time)), Passed("mem", arguments.GetValue(_memory)), .. (arguments.GetValue(_others) ?? []).Select(Other)];
        return new SweepExecution(chosen == Slurm, threads, Whole("--max-failures", arguments.GetValue(_maxFailures)), Whole("--chunk", arguments.GetValue(_chunk)), [.. passed.OfType<string>()]);
    }

    private static string? Passed(string key, string? value) => value is null ? null : $"--{key}={value}";

    // A flag of sbatch, such as --exclusive, has no value.
    private static string Other(string text) => text.Length > 0 && text[0] is not ('=' or '-')
        ? $"--{text}"
        : throw new InputException($"--slurm.{text} has no key; --slurm.KEY=VALUE or --slurm.KEY is expected.");

    private static int? Whole(string name, string? text) => text is null ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw new InputException($"{name} is '{text}'; a positive whole number is expected.");
}
