using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Lab.Messages;
using ReluFlow.Lab.Sessions;

namespace ReluFlow.Lab.Tests;

/// <summary>Clients that send or read slowly or not at all: what they hold is theirs, within bounds, and others do not wait for them.</summary>
public class SlowClientTests
{
    private const int Turns = 4;

    // An answer of some 400 kB, more than the buffers on the way mostly take; without theory, whose time the standing clock does not bound.
    private const string Large = """{"data":{"generator":"random-directions","options":{"samples":1000,"dimension":19,"labelLaw":"signs"}},"loss":"logistic","width":5,"scale":"1e-6","time":1}""";

    [Fact]
    public async Task Turns_StalledUploadsAndUnreadSockets_TakeNone()
    {
        await using LabFixture lab = await LabFixture.StartAsync(clock: new MovedClock(), ping: Timeout.InfiniteTimeSpan);
        var slow = new List<IDisposable>();
        for (int i = 0; i < Turns; i++)
        {
            slow.Add(await StallUploadAsync(lab, sent: 10));
            slow.Add(await StopReadingAsync(lab));
        }

        await LabFixture.UntilAsync(() => lab.Server.HeldBodyBytes > 0);

        using LabClient page = await lab.ConnectAsync();
        await page.AskAsync(Requests.Prepare(Requests.Toy), "prepared");
        (await page.HearAsync("prepared")).GetProperty("complete").GetBoolean().ShouldBeTrue();

        slow.ForEach(client => client.Dispose());
        await LabFixture.UntilAsync(() => lab.Server.HeldBodyBytes == 0 && lab.Server.Sessions == 1 && lab.Server.Resources.OtherTurns.CurrentCount == Turns);
    }

    [Fact]
    public async Task Prepare_WhileItIsSent_HoldsNoTurn()
    {
        var options = new LabOptions();
        using var lab = new LabResources(options);
        using var unread = new UnreadSocket();
        using var socket = new SessionSocket(unread, options.Limits, options.Clock);
        using var document = JsonDocument.Parse(Requests.Toy);
        LabExperiment toy = new ExperimentReader(options.Limits, _ => null).Read(document.RootElement);
        using var gone = new CancellationTokenSource();

        Task answer = new Preparations(lab, socket).AnswerAsync(1, (toy, false), CancellationToken.None, gone.Token);
        await unread.Sending;

        lab.OtherTurns.CurrentCount.ShouldBe(Turns);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(answer);
    }

    [Fact]
    public async Task Upload_BodiesOnTheirWay_AreWithinABound()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { ArrivingUploadBytes = 150_000 });
        using (await StallUploadAsync(lab, sent: 100_000))
        {
            await LabFixture.UntilAsync(() => lab.Server.HeldBodyBytes >= 100_000);

            using HttpResponseMessage refused = await lab.Http.PostAsync("api/data?name=a.csv", new ByteArrayContent(new byte[100_000]));

            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            lab.Server.HeldBodyBytes.ShouldBeLessThanOrEqualTo(150_000);
            using HttpResponseMessage small = await lab.Http.PostAsync("api/data?name=a.csv", new ByteArrayContent("1,2\n"u8.ToArray()));
            small.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        await LabFixture.UntilAsync(() => lab.Server.HeldBodyBytes == 0);
    }

    [Fact]
    public async Task Export_NotRead_IsPaidForAndCutOff()
    {
        var clock = new MovedClock();
        await using LabFixture lab = await LabFixture.StartAsync(clock: clock);
        using LabClient page = await lab.ConnectAsync();
        LabRunHeard run = await page.RunAsync($$"""{"data":{"upload":"{{await UploadAsync(lab)}}"},"width":2,"method":"gradient-descent","step":0.01,"time":0.02,"saves":2}""");
        long held = lab.Server.HeldRunBytes;

        using TcpClient client = await OpenAsync(lab);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /api/runs/{run.Id}/export.zip HTTP/1.1\r\nHost: 127.0.0.1:{lab.Server.Address.Port}\r\n\r\n"));

        // The numbers are on their way: eight megabytes and more.
        await LabFixture.UntilAsync(() => lab.Server.HeldRunBytes > held + (8 << 20));
        (await client.GetStream().ReadAsync(new byte[1])).ShouldBe(1);
        await LabFixture.UntilAsync(() => lab.Server.Resources.OtherTurns.CurrentCount == Turns);
        lab.Server.HeldRunBytes.ShouldBeGreaterThan(held + (8 << 20));

        await LabFixture.UntilAsync(() =>
        {
            clock.Move(TimeSpan.FromSeconds(61));
            return lab.Server.HeldRunBytes == held;
        });
    }

    [Fact]
    public async Task Export_WithoutMemory_IsRefused()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        LabRunHeard run = await page.RunAsync(Requests.Toy);
        using IDisposable rest = lab.Server.Resources.RunMemory.TryReserve(lab.Server.Resources.RunMemory.Most - lab.Server.HeldRunBytes)!;

        (await lab.Http.GetAsync($"api/runs/{run.Id}/export.zip")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Ledgers_Flood_OnlyTheLastWaitsAndOtherWordsAreHeard()
    {
        const uint Many = 40;
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        await page.RunAsync(Requests.Toy);
        await TakeTurnsAsync(lab);

        for (uint request = 2; request < 2 + Many; request++)
        {
            await page.SayAsync($$"""{"kind":"ledger","request":{{request}},"of":1}""");
        }

        await page.SayAsync($$"""{"kind":"run","request":100,"experiment":{{Requests.Toy}},"credit":1}""");

        // No turn is free: each but the first two is superseded while it waits, and all have ended when the run begins or soon after.
        var ended = new HashSet<uint>();
        bool begun = false;
        while (!begun || ended.Count < Many)
        {
            (JsonElement? text, _) = await page.HearAsync();
            string? kind = text?.GetProperty("kind").GetString();
            begun |= kind == "started";
            if (kind == "error")
            {
                text!.Value.GetProperty("message").GetString()!.ShouldMatch("another one came|another one was asked for");
                ended.Add(text.Value.GetProperty("request").GetUInt32()).ShouldBeTrue();
            }
        }

        lab.Server.Resources.OtherTurns.Release(Turns);
        await page.SayAsync("""{"kind":"credit","request":100,"frames":1000}""");
        while ((await page.HearAsync()).Text is not { } text || text.GetProperty("kind").GetString() != "finished")
        {
        }

        await page.AskAsync("""{"kind":"ledger","request":101,"of":100}""", "ledger");
    }

    [Fact]
    public async Task Prepare_Superseded_WhileItWaits_IsTheOnlyOneAnsweredByTheLast()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        await TakeTurnsAsync(lab);
        for (uint request = 1; request <= 30; request++)
        {
            await page.SayAsync(Requests.Prepare(Requests.Toy, request));
        }

        var refused = new HashSet<uint>();
        while (refused.Count < 29)
        {
            refused.Add((await page.HearAsync("error")).GetProperty("request").GetUInt32());
        }

        lab.Server.Resources.OtherTurns.Release(Turns);
        (await page.HearAsync("prepared")).GetProperty("request").GetUInt32().ShouldBe(30u);
        refused.ShouldNotContain(30u);
    }

    // As if other pages computed.
    private static async Task TakeTurnsAsync(LabFixture lab)
    {
        for (int i = 0; i < Turns; i++)
        {
            await lab.Server.Resources.OtherTurns.WaitAsync();
        }
    }

    private static async Task<TcpClient> StallUploadAsync(LabFixture lab, int sent)
    {
        TcpClient client = await OpenAsync(lab);
        string head = $"POST /api/data?name=a.csv HTTP/1.1\r\nHost: 127.0.0.1:{lab.Server.Address.Port}\r\nContent-Length: 200000\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + new string('1', sent)));
        return client;
    }

    // Small buffers, and no more than the beginning of an answer is read.
    private static async Task<IDisposable> StopReadingAsync(LabFixture lab)
    {
        TcpClient client = await OpenAsync(lab, receiveBuffer: 4096);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /api/session HTTP/1.1\r\nHost: 127.0.0.1:{lab.Server.Address.Port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));
        var one = new byte[1];
        for (string head = ""; !head.EndsWith("\r\n\r\n", StringComparison.Ordinal); head += (char)one[0])
        {
            await stream.ReadExactlyAsync(one);
        }

        // One text frame of a length in 16 bits, under a mask of zeros.
        byte[] text = Encoding.UTF8.GetBytes(Requests.Prepare(Large));
        await stream.WriteAsync((byte[])[0x81, 0x80 | 126, (byte)(text.Length >> 8), (byte)text.Length, 0, 0, 0, 0, .. text]);
        await stream.ReadExactlyAsync(one);
        return client;
    }

    private static async Task<TcpClient> OpenAsync(LabFixture lab, int receiveBuffer = 1 << 14)
    {
        var client = new TcpClient { ReceiveBufferSize = receiveBuffer };
        await client.ConnectAsync(IPAddress.Loopback, lab.Server.Address.Port);
        return client;
    }

    // 2000 × 520 numbers that do not compress.
    private static async Task<string> UploadAsync(LabFixture lab)
    {
        using var stream = new MemoryStream();
        double[] inputs = [.. Enumerable.Range(1, 2000 * 520).Select(i => Math.Sin(i * (double)i))], targets = [.. Enumerable.Range(1, 2000).Select(i => Math.Cos(i))];
        NpzFile.Write(stream, [new("X", NpyArray.Of([2000, 520], inputs)), new("y", NpyArray.Of([2000], targets))]);
        using HttpResponseMessage answer = await lab.Http.PostAsync("api/data?name=a.npz", new ByteArrayContent(stream.ToArray()));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
    }

    // A socket whose other end takes nothing.
    private sealed class UnreadSocket : WebSocket
    {
        private readonly TaskCompletionSource _sending = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Sending => _sending.Task;

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override string? SubProtocol => null;

        public override WebSocketState State => WebSocketState.Open;

        public override void Abort()
        {
        }

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Dispose()
        {
        }

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            _sending.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}
