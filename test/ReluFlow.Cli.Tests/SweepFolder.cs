namespace ReluFlow.Cli.Tests;

/// <summary>Sweep directories as tests look at them.</summary>
internal static class SweepFolder
{
    /// <summary>The number of runs that are done.</summary>
    public static int Done(string directory) => !Directory.Exists(Path.Combine(directory, "runs")) ? 0
        : Directory.GetDirectories(Path.Combine(directory, "runs")).Sum(folder => Directory.GetDirectories(folder).Count(run => !Path.GetFileName(run).StartsWith('.')));

    /// <summary>Runs what is left of a sweep here, and collects it.</summary>
    public static string RunAndCollect(string spec, string directory)
    {
        ProgramRun run = ProgramRun.Of("sweep", spec, "--out", directory);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        return Collect(directory);
    }

    /// <summary>The table and the statistics of a sweep.</summary>
    public static string Collect(string directory)
    {
        ProgramRun run = ProgramRun.Of("sweep", "collect", directory);
        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        return File.ReadAllText(Path.Combine(directory, "table.csv")) + File.ReadAllText(Path.Combine(directory, "statistics.csv")) + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(directory, "table.npz"))));
    }
}
