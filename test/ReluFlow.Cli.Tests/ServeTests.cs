using System.Net;
using System.Net.Sockets;

namespace ReluFlow.Cli.Tests;

/// <summary>The verb <c>serve</c>.</summary>
public class ServeTests
{
    private static readonly Dictionary<string, string> s_noColor = new() { ["NO_COLOR"] = "1" };

    [Theory]
    [InlineData(ProgramProcess.Interrupt)]
    [InlineData(ProgramProcess.Terminate)]
    public async Task Serve_Process_PrintsItsAddressServesAndStopsAtASignal(int signal)
    {
        using var process = ProgramProcess.OfReluFlow(s_noColor, "serve", "--port", "0");
        var address = new Uri(process.NextLine().ShouldNotBeNull());
        address.Host.ShouldBe("127.0.0.1");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        (await http.GetStringAsync(address)).ShouldContain("<title>");
        process.Send(signal);
        ProgramRun run = process.End();

        run.Status.ShouldBe(ExitStatus.Done, run.Error);
        run.Output.ShouldBeEmpty();
        await Should.ThrowAsync<HttpRequestException>(http.GetStringAsync(address));
    }

    [Fact]
    public void Serve_PortInUse_IsOneClearLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        ProgramRun.Of("serve", "--port", port.ToString()).ShouldBeOneClearLine($"--port is {port}", "in use");
    }

    [Theory]
    [InlineData("--port", "65536", "--port is '65536'")]
    [InlineData("--port", "http", "--port is 'http'")]
    [InlineData("--address", "example.org", "--address is 'example.org'")]
    [InlineData("--address", "203.0.113.7", "cannot listen at 203.0.113.7")]
    public void Serve_OptionOfWrongValue_IsOneClearLine(string option, string value, string why) => ProgramRun.Of(["serve", option, value, .. option == "--port" ? (string[])[] : ["--port", "0"]]).ShouldBeOneClearLine(why);
}
