using System.CommandLine;

namespace ReluFlow.Cli;

internal static class SweepCollectCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation) => new("collect", "x");
}
