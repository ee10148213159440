using System.ComponentModel;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using ReluFlow.Experiments;
using ReluFlow.Lab;

namespace ReluFlow.Cli;

/// <summary><c>serve [--port P] [--address A] [--open]</c>: the web lab, until it is interrupted.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var port = new Option<string?>("--port") { Description = $"The port (default {LabOptions.DefaultPort}); 0 takes a free one.", HelpName = "P" };
        var address = new Option<string?>("--address") { Description = "The address to listen at (default 127.0.0.1). Any other than a loopback address asks the page for the token in the printed address.", HelpName = "A" };
        var open = new Option<bool>("--open") { Description = "Open the page in the browser." };
        var command = new Command("serve", "Serve the web lab: an interactive page on the exact solver. Ctrl-C ends it.") { port, address, open };
        command.SetAction(arguments =>
        {
            var options = new LabOptions { Port = PortOf(arguments.GetValue(port)), Address = AddressOf(arguments.GetValue(address)) };
            ServeAsync(terminal, options, arguments.GetValue(open), cancellation).GetAwaiter().GetResult();
            return ExitStatus.Done;
        });
        return command;
    }

    private static async Task ServeAsync(Terminal terminal, LabOptions options, bool open, CancellationToken cancellation)
    {
        await using LabServer server = await LabServer.StartAsync(options, cancellation);
        terminal.Line(server.PageAddress.AbsoluteUri);
        if (!LabServer.HasPage)
        {
            terminal.Note("note: this program was built without Node, so there is a server and no page");
        }

        if (open)
        {
            Open(terminal, server.PageAddress);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static int PortOf(string? text) => text is null ? LabOptions.DefaultPort
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= IPEndPoint.MaxPort ? port
        : throw new InputException($"--port is '{text}'; a whole number from 0 to {IPEndPoint.MaxPort} is expected.");

    private static IPAddress AddressOf(string? text) => text is null or "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(text, out IPAddress? address) ? address
        : throw new InputException($"--address is '{text}'; an address of this machine such as 127.0.0.1 or 0.0.0.0 is expected.");

    private static void Open(Terminal terminal, Uri page)
    {
        try
        {
            using Process? browser = Process.Start(new ProcessStartInfo(page.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception missing) when (missing is Win32Exception or InvalidOperationException)
        {
            terminal.Note("note: no browser could be opened; open the address above");
        }
    }
}
