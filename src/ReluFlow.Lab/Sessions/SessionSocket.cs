using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ReluFlow.Lab.Sessions;

/// <summary>The socket of a page: whole messages in, one message at a time out, both within bounds of size and patience.</summary>
/// <param name="socket">The socket.</param>
/// <param name="limits">The bounds.</param>
/// <param name="clock">The clock of the patience.</param>
internal sealed class SessionSocket(WebSocket socket, LabLimits limits, TimeProvider clock) : IDisposable
{
    private const int ReadSize = 1 << 14;

    // What a page gets to answer a goodbye.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArrayBufferWriter<byte> _message = new();
    private long _heard = clock.GetTimestamp();
    private ITimer? _cut;

    /// <summary>How long ago the page said something.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Interlocked.Read(ref _heard));

    /// <summary>The next text message, valid until the next call; null where the page is gone or has been shown the door.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation)
    {
        _message.ResetWrittenCount();
        while (true)
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(_message.GetMemory(ReadSize), cancellation);
            _message.Advance(received.Count);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure, null);
                return null;
            }

            if (received.MessageType == WebSocketMessageType.Binary)
            {
                await CloseAsync(WebSocketCloseStatus.InvalidMessageType, "text messages are expected");
                return null;
            }

            if (_message.WrittenCount > limits.MessageBytes)
            {
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"a message has at most {limits.MessageBytes} bytes");
                return null;
            }

            if (received.EndOfMessage)
            {
                Interlocked.Exchange(ref _heard, clock.GetTimestamp());
                return _message.WrittenMemory;
            }
        }
    }

    /// <summary>Sends a message as JSON.</summary>
    public Task SendAsync<T>(T message, JsonTypeInfo<T> type, CancellationToken cancellation) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, type), WebSocketMessageType.Text, cancellation);

    /// <summary>Sends a frame.</summary>
    public Task SendAsync(byte[] frame, CancellationToken cancellation) => SendAsync(frame, WebSocketMessageType.Binary, cancellation);

    /// <summary>Says goodbye with a reason; a page that does not answer is cut off.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string? reason)
    {
        _cut ??= clock.CreateTimer(_ => socket.Abort(), null, s_farewell, Timeout.InfiniteTimeSpan);
        await _turn.WaitAsync();
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(status, reason, CancellationToken.None);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // It was cut off meanwhile.
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _cut?.Dispose();
        socket.Dispose();
        _turn.Dispose();
    }

    // A page that does not read is cut off: what was sent in part cannot be taken back.
    private async Task SendAsync(byte[] bytes, WebSocketMessageType type, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            using var patience = new CancellationTokenSource(limits.Patience, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            await socket.SendAsync(bytes, type, endOfMessage: true, either.Token);
        }
        catch (OperationCanceledException)
        {
            socket.Abort();
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }
}
