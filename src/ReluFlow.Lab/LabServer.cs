using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReluFlow.Experiments;
using ReluFlow.Lab.Http;

namespace ReluFlow.Lab;

/// <summary>The lab: a web server for one page, on which runs are computed for whoever has it open.</summary>
/// <remarks>It reads no settings but its options, writes no file and nothing to the console, and leaves signals to its host.</remarks>
public sealed class LabServer : IAsyncDisposable
{
    private const int TokenBytes = 16;

    // Requests beside the sessions: the page's files, uploads, exports.
    private const int OtherConnections = 32;

    private static readonly TimeSpan s_headersTime = TimeSpan.FromSeconds(15), s_farewell = TimeSpan.FromSeconds(5);

    private readonly WebApplication _application;
    private readonly LabResources _lab;
    private readonly LabRequests _requests;
    private readonly CancellationTokenSource _stopping = new();

    private LabServer(LabOptions options)
    {
        _lab = new LabResources(options);
        Token = IPAddress.IsLoopback(options.Address) ? null : RandomNumberGenerator.GetHexString(2 * TokenBytes, lowercase: true);
        _requests = new LabRequests(_lab, new RequestGuard(options.Address, Token), _stopping.Token);
        _application = Build(options);
        _application.UseWebSockets(new WebSocketOptions { KeepAliveInterval = options.Ping, KeepAliveTimeout = options.Ping });
        _application.Run(_requests.AnswerAsync);
    }

    /// <summary>Whether the page is there: whether Node was when this was built.</summary>
    public static bool HasPage => PageFiles.IsBuilt;

    /// <summary>The address of the page, without the token.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>What pages have to know where the lab listens elsewhere than on loopback; null there.</summary>
    public string? Token { get; }

    /// <summary>The address to open: with the token, where there is one, behind the '#', which no browser sends or logs.</summary>
    public Uri PageAddress => Token is null ? Address : new Uri(Address, $"#token={Token}");

    /// <summary>How many pages are connected.</summary>
    public int Sessions => _requests.Sessions;

    /// <summary>The bytes that runs have reserved.</summary>
    public long HeldRunBytes => _lab.RunMemory.Held;

    /// <summary>The bytes of uploaded data that are kept.</summary>
    public long HeldUploadBytes => _lab.Uploads.Held;

    /// <summary>The bytes of uploads that are on their way.</summary>
    public long HeldBodyBytes => _lab.BodyMemory.Held;

    /// <summary>What all pages share.</summary>
    internal LabResources Resources => _lab;

    /// <summary>Starts a server.</summary>
    /// <param name="options">Where it listens and what it allows.</param>
    /// <param name="cancellation">Ends the start early.</param>
    /// <exception cref="InputException">The address or the port cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<LabServer> StartAsync(LabOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var server = new LabServer(options);
        try
        {
            await server._application.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw Unavailable(options, failure);
        }
        catch (System.Net.Sockets.SocketException failure)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw Unavailable(options, failure);
        }

        string bound = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        int port = new Uri(bound).Port;
        string host = options.Address.Equals(IPAddress.Any) || options.Address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : options.Address.ToString();
        server.Address = new UriBuilder(Uri.UriSchemeHttp, host, port).Uri;
        return server;
    }

    /// <summary>Stops: runs are cancelled, pages are cut off.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        using var patience = new CancellationTokenSource(s_farewell);
        await _application.StopAsync(patience.Token).ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
        _lab.Dispose();
        _stopping.Dispose();
    }

    private static WebApplication Build(LabOptions options)
    {
        // An empty builder: neither files of the current folder nor the environment have a say.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxConcurrentUpgradedConnections = options.Limits.Connections + OtherConnections;
            kestrel.Limits.MaxConcurrentConnections = options.Limits.Connections + OtherConnections;
            kestrel.Limits.RequestHeadersTimeout = s_headersTime;

            // Uploads are counted where they are read, with a message that a page can show.
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddSingleton<IHostLifetime, HostOfAnotherProgram>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_farewell);
        return builder.Build();
    }

    private static InputException Unavailable(LabOptions options, Exception failure) => new(
        failure.InnerException is AddressInUseException || failure is AddressInUseException
            ? string.Create(CultureInfo.InvariantCulture, $"--port is {options.Port}, which is in use at {options.Address}; another one is expected, or 0 for any that is free.")
            : string.Create(CultureInfo.InvariantCulture, $"the lab cannot listen at {options.Address}, port {options.Port}: {failure.Message}."),
        failure);

    // Signals are the affair of the program that starts the server.
    private sealed class HostOfAnotherProgram : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
