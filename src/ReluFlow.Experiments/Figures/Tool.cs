using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace ReluFlow.Experiments.Figures;

/// <summary>Another program on the path, which reads its standard input and writes its standard output.</summary>
/// <param name="Name">The program.</param>
/// <param name="Purpose">What it is for and how to get it, for the message where it is missing.</param>
internal sealed record Tool(string Name, string Purpose)
{
    /// <summary>Runs the program on some bytes and returns what it writes.</summary>
    /// <exception cref="InputException">It is missing or fails.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public byte[] Run(IEnumerable<string> arguments, byte[] input, CancellationToken cancellation)
    {
        using Process process = Start(arguments);
        using CancellationTokenRegistration kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        using var output = new MemoryStream();
        Task copying = process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None);
        Task<string> complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all; its status says why.
        }

        process.WaitForExit();
        Task.WaitAll([copying, complaint], CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0
            ? output.ToArray()
            : throw new InputException($"{Name} failed with status {process.ExitCode}: {Excerpt.Of(complaint.Result.Trim())}");
    }

    private Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InputException($"{Name} is not installed, {Purpose}.", error);
        }
    }
}
