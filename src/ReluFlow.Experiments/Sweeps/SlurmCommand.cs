using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>Slurm's own programs.</summary>
internal static partial class SlurmCommand
{
    /// <summary>Makes sure that jobs can be submitted from here.</summary>
    /// <exception cref="InputException">There is no <c>sbatch</c>.</exception>
    public static void RequireInstalled()
    {
        if (!IsInstalled("sbatch"))
        {
            throw new InputException("there is no Slurm on this machine (sbatch is not on the PATH); --executor local, or a machine of a Slurm cluster, is expected.");
        }
    }

    /// <summary>Whether one of the programs is on the PATH.</summary>
    public static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs one of the programs.</summary>
    /// <returns>What it prints.</returns>
    /// <exception cref="InputException">It fails.</exception>
    public static string Run(string program, params IEnumerable<string> arguments) => TryRun(program, arguments, out string output)
        ? output
        : throw new InputException($"{program} failed: {Excerpt.Of(output)}");

    /// <summary>Runs one of the programs.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="output">What it prints, or what it complains of.</param>
    /// <returns>Whether it succeeds.</returns>
    public static bool TryRun(string program, IEnumerable<string> arguments, out string output)
    {
        RequireInstalled();
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> complaint = process.StandardError.ReadToEndAsync();
        output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            output = InOneLine(complaint.Result);
        }

        return process.ExitCode == 0;
    }

    // Every line begins with "sbatch: error: "; what went wrong stands first, and that there is no configuration, last.
    private static string InOneLine(string complaint)
    {
        string[] lines = [.. complaint.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => Speaker().Replace(line, ""))];
        return lines.Any(line => line.StartsWith("Could not establish a configuration", StringComparison.Ordinal)) ? "Slurm's configuration is not found from here (SLURM_CONF)" : lines.FirstOrDefault("");
    }

    [GeneratedRegex("^[a-z]+: (error|fatal): ")]
    private static partial Regex Speaker();
}
