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
        using ToolProcess process = Start(arguments);
        return process.End(input, cancellation);
    }

    /// <summary>Starts the program.</summary>
    /// <exception cref="InputException">It is missing.</exception>
    public ToolProcess Start(IEnumerable<string> arguments)
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
            return new ToolProcess(Name, Process.Start(start)!);
        }
        catch (Win32Exception error)
        {
            throw new InputException($"{Name} is not installed, {Purpose}.", error);
        }
    }
}
