using System.Net;

namespace ReluFlow.Lab.Tests;

/// <summary>A real server on a free port, with its own limits and a clock that a test may move.</summary>
internal sealed class LabFixture : IAsyncDisposable
{
    private LabFixture(LabServer server, HttpClient http)
    {
        Server = server;
        Http = http;
    }

    public LabServer Server { get; }

    public HttpClient Http { get; }

    public static async Task<LabFixture> StartAsync(LabLimits? limits = null, TimeProvider? clock = null, IPAddress? address = null, TimeSpan? ping = null)
    {
        var options = new LabOptions { Port = 0, Limits = limits ?? new LabLimits(), Clock = clock ?? TimeProvider.System, Address = address ?? IPAddress.Loopback };
        LabServer server = await LabServer.StartAsync(ping is { } interval ? options with { Ping = interval } : options);
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{server.Address.Port}/") };
        return new LabFixture(server, http);
    }

    public Task<LabClient> ConnectAsync() => LabClient.ConnectAsync(Server);

    /// <summary>Waits until something holds, which must come soon.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!holds())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
