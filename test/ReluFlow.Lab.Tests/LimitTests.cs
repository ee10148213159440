using System.Net.WebSockets;
using System.Text.Json;

namespace ReluFlow.Lab.Tests;

/// <summary>What is too much: a message that says so, and the others go on.</summary>
public class LimitTests
{
    [Fact]
    public async Task Run_WouldKeepTooMuch_IsRefused()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { RunBytes = 100_000 });
        using LabClient page = await lab.ConnectAsync();

        JsonElement error = await page.AskAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.ToyWith("width", "500")}},"credit":1}""", "error");

        error.GetProperty("message").GetString()!.ShouldContain("MiB are allowed");
        error.GetProperty("field").GetString().ShouldBe("saves");
        lab.Server.HeldRunBytes.ShouldBe(0);
        (await page.RunAsync(Requests.Toy, 2)).Status.ShouldBe("interpolated");
    }

    [Fact]
    public async Task Run_FramesWouldTakeTooLong_IsRefused()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { Operations = 1e4 });
        using LabClient page = await lab.ConnectAsync();

        JsonElement error = await page.AskAsync(Requests.Prepare(Requests.ToyWith("width", "500")), "error");

        error.GetProperty("message").GetString()!.ShouldContain("multiplications");
    }

    [Fact]
    public async Task Run_TimeIsUp_KeepsWhatItHas()
    {
        var clock = new MovedClock();
        await using LabFixture lab = await LabFixture.StartAsync(clock: clock);
        using LabClient page = await lab.ConnectAsync();
        await page.SayAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Endless}},"credit":1000}""");
        await page.HearAsync("started");
        (await page.HearAsync()).Frame.ShouldNotBeNull();
        (await page.HearAsync()).Frame.ShouldNotBeNull();

        clock.Move(TimeSpan.FromSeconds(61));

        Frame last = null!;
        while (true)
        {
            (JsonElement? text, Frame? frame) = await page.HearAsync();
            if (text is { } end)
            {
                end.GetProperty("status").GetString().ShouldBe("wall-reached");
                end.GetProperty("frames").GetInt32().ShouldBe(last.Index + 1);
                last.IsLast.ShouldBeTrue();
                break;
            }

            last = frame!;
        }
    }

    [Fact]
    public async Task Run_TooManyAtOneTime_WaitsUntilOneEndsOrIsCancelled()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { ConcurrentRuns = 1 });
        using LabClient first = await lab.ConnectAsync(), second = await lab.ConnectAsync();
        await first.SayAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Endless}},"credit":0}""");
        await first.HearAsync("started");

        string run = $$"""{"kind":"run","request":1,"experiment":{{Requests.Toy}},"credit":1}""";
        (await second.AskAsync(run, "waiting")).GetProperty("request").GetInt32().ShouldBe(1);
        JsonElement cancelled = await second.AskAsync("""{"kind":"cancel","request":1}""", "error");
        cancelled.GetProperty("message").GetString()!.ShouldContain("before it began");

        await second.AskAsync(run, "waiting");
        await first.AskAsync("""{"kind":"cancel","request":1}""", "finished");
        await second.HearAsync("started");
        (await second.HearAsync()).Frame.ShouldNotBeNull().Index.ShouldBe(0);
        second.Dispose();
        await LabFixture.UntilAsync(() => lab.Server.Sessions == 1 && lab.Server.Resources.RunTurns.CurrentCount == 1);
    }

    [Fact]
    public async Task Run_MemoryOfAllIsFull_IsRefusedUntilAPageGoes()
    {
        // Room for two toys and not for three; what one takes is seen from the first.
        await using LabFixture probe = await LabFixture.StartAsync();
        using LabClient alone = await probe.ConnectAsync();
        await alone.RunAsync(Requests.Toy);
        long one = probe.Server.HeldRunBytes;
        one.ShouldBeGreaterThan(0);
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { TotalBytes = (2 * one) + 1 });
        using LabClient first = await lab.ConnectAsync(), second = await lab.ConnectAsync(), third = await lab.ConnectAsync();
        await first.RunAsync(Requests.Toy);
        await second.RunAsync(Requests.Toy);
        lab.Server.HeldRunBytes.ShouldBe(2 * one);

        JsonElement error = await third.AskAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Toy}},"credit":1}""", "error");
        error.GetProperty("message").GetString()!.ShouldContain("all pages together keep");

        // A page's own run gives way to its next.
        await first.RunAsync(Requests.Toy, 2);
        second.Dispose();
        await LabFixture.UntilAsync(() => lab.Server.Sessions == 2);
        await third.RunAsync(Requests.Toy, 2);
        lab.Server.HeldRunBytes.ShouldBe(2 * one);
    }

    [Fact]
    public async Task Connection_OneTooMany_IsRefused()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { Connections = 2 });
        using LabClient first = await lab.ConnectAsync(), second = await lab.ConnectAsync();

        (await Should.ThrowAsync<WebSocketException>(lab.ConnectAsync())).Message.ShouldContain("503");

        first.Dispose();
        await LabFixture.UntilAsync(() => lab.Server.Sessions == 1);
        using LabClient third = await lab.ConnectAsync();
        (await third.RunAsync(Requests.Toy)).Status.ShouldBe("interpolated");
    }

    [Fact]
    public async Task Message_TooLong_ClosesItsSessionOnly()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { MessageBytes = 10_000 });
        using LabClient page = await lab.ConnectAsync(), other = await lab.ConnectAsync();

        await page.SayAsync(new string(' ', 100_000));

        (await page.HearCloseAsync()).ShouldBe(WebSocketCloseStatus.MessageTooBig);
        await LabFixture.UntilAsync(() => lab.Server.Sessions == 1);
        (await other.RunAsync(Requests.Toy)).Status.ShouldBe("interpolated");
    }

    [Fact]
    public async Task Message_Binary_ClosesItsSession()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        await page.Socket.SendAsync(new byte[10], WebSocketMessageType.Binary, true, CancellationToken.None);

        (await page.HearCloseAsync()).ShouldBe(WebSocketCloseStatus.InvalidMessageType);
    }

    [Fact]
    public async Task Credit_NoneForTooLong_ClosesTheSession()
    {
        var clock = new MovedClock();
        await using LabFixture lab = await LabFixture.StartAsync(clock: clock);
        using LabClient page = await lab.ConnectAsync();
        await page.SayAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Toy}},"credit":2}""");
        await page.HearAsync("started");

        // A word within the minute, and it is waited for another one.
        clock.Move(TimeSpan.FromSeconds(50));
        (await page.HearAsync()).Frame.ShouldNotBeNull();
        (await page.HearAsync()).Frame.ShouldNotBeNull();
        await page.AskAsync("""{"kind":"reduce","request":2,"of":1,"frame":0}""", "reduced");
        clock.Move(TimeSpan.FromSeconds(50));
        await page.AskAsync("""{"kind":"reduce","request":3,"of":1,"frame":0}""", "reduced");

        // It may not be waiting yet when the clock is first moved. The page reads, so it answers pings, and only the patience can end it.
        Task<WebSocketCloseStatus?> closed = page.HearCloseAsync();
        await LabFixture.UntilAsync(() =>
        {
            clock.Move(TimeSpan.FromSeconds(61));
            return closed.IsCompleted;
        });
        (await closed).ShouldBe(WebSocketCloseStatus.PolicyViolation);
        page.Socket.CloseStatusDescription.ShouldBe("no credit was granted for too long");
        await LabFixture.UntilAsync(() =>
        {
            clock.Move(TimeSpan.FromSeconds(6));
            return lab.Server.Sessions == 0;
        });
        lab.Server.HeldRunBytes.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Limits_NotPositive_AreMisuse(int value)
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new LabLimits { Width = value });
        Should.Throw<ArgumentOutOfRangeException>(() => new LabLimits { RunBytes = value });
        Should.Throw<ArgumentOutOfRangeException>(() => new LabLimits { Operations = value });
        Should.Throw<ArgumentOutOfRangeException>(() => new LabLimits { Patience = TimeSpan.FromSeconds(value) });
        Should.Throw<ArgumentOutOfRangeException>(() => new LabOptions { Port = value - 1 });
    }
}
