using System.Runtime.InteropServices;
using ReluFlow.Experiments;

namespace ReluFlow.Cli;

/// <summary>The program: signals and the one place that catches.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return Run(arguments, Terminal.OfProcess(), cancellation.Token);

        // The first signal asks the run to end and be kept; a second one ends the process at once.
        void Stop(PosixSignalContext context)
        {
            context.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        }
    }

    /// <summary>Runs one command line; what a user can mend is one line on standard error.</summary>
    /// <returns>An <see cref="ExitStatus"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation)
    {
        try
        {
            return CommandLine.Run(arguments, terminal, cancellation);
        }
        catch (Exception exception) when (exception is InputException or IOException or UnauthorizedAccessException)
        {
            terminal.Note($"reluflow: {exception.Message.ReplaceLineEndings(" ")}");
            return ExitStatus.BadInput;
        }
        catch (OperationCanceledException)
        {
            terminal.Note("reluflow: interrupted before there was anything to keep");
            return ExitStatus.Interrupted;
        }
        catch (Exception exception)
        {
            terminal.Note($"reluflow: this is a defect of the program, please report it with the command line: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
            return ExitStatus.SolveFailed;
        }
    }
}
