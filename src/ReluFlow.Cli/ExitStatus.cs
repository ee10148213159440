using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli;

/// <summary>The exit statuses of the program.</summary>
internal static class ExitStatus
{
    public const int Done = 0, CheckFailed = 1, BadInput = 2, SolveFailed = 3, Interrupted = 130;

    /// <summary>The status that the end of a run deserves.</summary>
    public static int Of(RunStatus status) => status switch
    {
        RunStatus.Interrupted => Interrupted,
        RunStatus.Failed => SolveFailed,
        _ => Done,
    };
}
