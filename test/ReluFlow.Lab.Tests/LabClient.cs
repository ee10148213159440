using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace ReluFlow.Lab.Tests;

/// <summary>A page, as far as the server sees one: a socket that says and hears.</summary>
internal sealed class LabClient : IDisposable
{
    // A test that waits for what never comes ends.
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _patience = new(s_longest);

    private LabClient(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    public static async Task<LabClient> ConnectAsync(LabServer server, Action<ClientWebSocketOptions>? set = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        set?.Invoke(socket.Options);
        var client = new LabClient(socket);
        await socket.ConnectAsync(AddressOf(server), client._patience.Token);
        return client;
    }

    public static Uri AddressOf(LabServer server) => new($"ws://127.0.0.1:{server.Address.Port}/api/session");

    public Task SayAsync(string json) => Socket.SendAsync(Encoding.UTF8.GetBytes(json), WebSocketMessageType.Text, true, _patience.Token);

    /// <summary>The next message: text, or a frame.</summary>
    public async Task<(JsonElement? Text, Frame? Frame)> HearAsync()
    {
        using var bytes = new MemoryStream();
        var chunk = new byte[1 << 16];
        while (true)
        {
            WebSocketReceiveResult part = await Socket.ReceiveAsync(chunk, _patience.Token);
            part.MessageType.ShouldNotBe(WebSocketMessageType.Close, part.CloseStatusDescription);
            bytes.Write(chunk, 0, part.Count);
            if (part.EndOfMessage)
            {
                return part.MessageType == WebSocketMessageType.Text ? (JsonDocument.Parse(bytes.ToArray()).RootElement, null) : (null, Frame.Read(bytes.ToArray()));
            }
        }
    }

    /// <summary>The next text message, which must be of a kind.</summary>
    public async Task<JsonElement> HearAsync(string kind)
    {
        (JsonElement? text, Frame? frame) = await HearAsync();
        frame.ShouldBeNull();
        text!.Value.GetProperty("kind").GetString().ShouldBe(kind, text.ToString());
        return text.Value;
    }

    /// <summary>Asks and hears the next text message, which must be of a kind.</summary>
    public async Task<JsonElement> AskAsync(string json, string kind)
    {
        await SayAsync(json);
        return await HearAsync(kind);
    }

    /// <summary>Runs an experiment with all the credit it needs.</summary>
    public async Task<LabRunHeard> RunAsync(string experiment, uint request = 1)
    {
        await SayAsync($$"""{"kind":"run","request":{{request}},"experiment":{{experiment}},"credit":100000}""");
        JsonElement started = await HearAsync("started");
        var frames = new List<Frame>();
        while (true)
        {
            (JsonElement? text, Frame? frame) = await HearAsync();
            if (frame is null)
            {
                text!.Value.GetProperty("kind").GetString().ShouldBe("finished", text.ToString());
                return new LabRunHeard(started, frames, text.Value);
            }

            frames.Add(frame);
        }
    }

    /// <summary>Waits until the server closes, and returns how it says so; what it said before is passed over.</summary>
    public async Task<WebSocketCloseStatus?> HearCloseAsync()
    {
        var chunk = new byte[1 << 16];
        while ((await Socket.ReceiveAsync(chunk, _patience.Token)).MessageType != WebSocketMessageType.Close)
        {
        }

        return Socket.CloseStatus;
    }

    public void Dispose()
    {
        Socket.Abort();
        Socket.Dispose();
        _patience.Dispose();
    }
}

/// <summary>What a page heard of a run.</summary>
internal sealed record LabRunHeard(JsonElement Started, IReadOnlyList<Frame> Frames, JsonElement Finished)
{
    public string Status => Finished.GetProperty("status").GetString()!;

    public JsonElement Summary => Finished.GetProperty("summary");

    public string Id => Started.GetProperty("id").GetString()!;
}
