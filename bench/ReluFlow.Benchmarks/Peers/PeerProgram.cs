using System.ComponentModel;
using System.Diagnostics;
using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>A program of the machine with its first arguments, run on as many threads as stated.</summary>
/// <param name="Path">The program.</param>
/// <param name="First">Its first arguments.</param>
/// <param name="Threads">Threads of its linear algebra.</param>
internal sealed record PeerProgram(string Path, string[] First, int Threads = 1)
{
    /// <summary>What every variable of a common linear algebra is told.</summary>
    private static readonly string[] ThreadVariables = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"];

    /// <summary>Runs it to its end; one line on what went wrong, or null.</summary>
    public string? Run(IEnumerable<string> arguments, TimeSpan limit)
    {
        (int? status, _, string error) = Capture(arguments, limit);
        return status switch
        {
            0 => null,
            null => $"ended after {limit.TotalSeconds:N0} s",
            _ => $"failed: {LastLine(error) ?? $"status {status}"}",
        };
    }

    /// <summary>Runs it to its end and returns its status, null where it was ended at the limit, and what it wrote.</summary>
    /// <exception cref="InputException">The program is missing.</exception>
    public (int? Status, string Output, string Error) Capture(IEnumerable<string> arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(Path, [.. First, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string variable in ThreadVariables)
        {
            start.Environment[variable] = Text.Whole(Threads);
        }

        using Process process = Begin(start);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(limit);
        if (!ended)
        {
            process.Kill();
            process.WaitForExit();
        }

        return (ended ? process.ExitCode : null, output.Result, error.Result);
    }

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new InputException($"{start.FileName} is not installed.", missing);
        }
    }

    private static string? LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}
