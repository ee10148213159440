using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ReluFlow.Testing;

/// <summary>A headless Chromium with one page, driven through its debugging protocol on a loopback socket.</summary>
internal sealed class Chromium : IDisposable
{
    private const string Program = "/usr/bin/chromium", Announcement = "DevTools listening on ";

    // A busy machine starts a browser in seconds.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly TemporaryFolder _profile;
    private readonly ClientWebSocket _socket;
    private int _messages;

    private Chromium(Process process, TemporaryFolder profile, ClientWebSocket socket) => (_process, _profile, _socket) = (process, profile, socket);

    /// <summary>Why a browser cannot be had here, or null.</summary>
    public static string? Missing { get; } = File.Exists(Program) ? null : $"{Program} is not installed";

    /// <summary>Errors of scripts and of the console so far.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>Addresses that the page asked for so far.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Starts a browser with an empty profile.</summary>
    public static Chromium Start()
    {
        var profile = new TemporaryFolder();
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", "about:blank",
        ];
        var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var listening = new TaskCompletionSource<Uri>();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text && text.StartsWith(Announcement, StringComparison.Ordinal))
            {
                listening.SetResult(new Uri(text[Announcement.Length..]));
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        listening.Task.Wait(s_patience).ShouldBeTrue();
        Uri address = listening.Task.Result;
        using var client = new HttpClient();
        using JsonDocument pages = JsonDocument.Parse(client.GetStringAsync(new Uri($"http://{address.Authority}/json/list")).Result);
        string page = pages.RootElement.EnumerateArray().First(target => target.GetProperty("type").GetString() == "page").GetProperty("webSocketDebuggerUrl").GetString()!;
        var socket = new ClientWebSocket();
        socket.ConnectAsync(new Uri(page), CancellationToken.None).Wait(s_patience).ShouldBeTrue();
        var browser = new Chromium(process, profile, socket);
        foreach (string domain in (string[])["Page", "Runtime", "Log", "Network"])
        {
            browser.Send($"{domain}.enable");
        }

        return browser;
    }

    /// <summary>Sets the size of the window and the colour scheme.</summary>
    public void Resize(int width, int height, bool dark = false)
    {
        Send("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });
        Send("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) });
    }

    /// <summary>Downloads go into a folder.</summary>
    public void DownloadTo(string folder) => Send("Page.setDownloadBehavior", new JsonObject { ["behavior"] = "allow", ["downloadPath"] = folder });

    /// <summary>Opens a page and waits until an expression holds.</summary>
    public void Open(string address, string until)
    {
        Send("Page.navigate", new JsonObject { ["url"] = address });
        WaitUntil(until);
    }

    /// <summary>The value of an expression; one that is a promise is awaited.</summary>
    public JsonElement Evaluate(string expression)
    {
        JsonElement answer = Send("Runtime.evaluate", new JsonObject { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        answer.TryGetProperty("exceptionDetails", out JsonElement failure).ShouldBeFalse(failure.ToString());
        return answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value : default;
    }

    /// <summary>Waits until an expression holds.</summary>
    public void WaitUntil(string condition)
    {
        // The page itself looks at every frame that it draws.
        string wait = $"new Promise(done => {{ const look = () => ({condition}) ? done(true) : setTimeout(look, 20); look(); }})";
        Evaluate(wait).GetBoolean().ShouldBeTrue();
    }

    /// <summary>Presses a key.</summary>
    public void Press(string key, int code)
    {
        foreach (string type in (string[])["rawKeyDown", "keyUp"])
        {
            Send("Input.dispatchKeyEvent", new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = code });
        }
    }

    /// <summary>Presses the left button of the mouse at a point of the window, moves it to others and lets it go at the last.</summary>
    public void Drag(params (double X, double Y)[] points)
    {
        Mouse("mouseMoved", points[0], buttons: 0);
        Mouse("mousePressed", points[0], buttons: 1);
        foreach ((double X, double Y) point in points[1..])
        {
            Mouse("mouseMoved", point, buttons: 1);
        }

        Mouse("mouseReleased", points[^1], buttons: 0);
    }

    /// <summary>Moves the mouse to a point of the window.</summary>
    public void PointAt(double x, double y) => Mouse("mouseMoved", (x, y), buttons: 0);

    /// <summary>The window as a picture (PNG).</summary>
    public byte[] Screenshot() => Send("Page.captureScreenshot").GetProperty("data").GetBytesFromBase64();

    /// <summary>The page as it is printed (PDF).</summary>
    public byte[] Print() => Send("Page.printToPDF").GetProperty("data").GetBytesFromBase64();

    public void Dispose()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        try
        {
            _profile.Dispose();
        }
        catch (IOException)
        {
            // A child that is about to end may still write into it; the system clears its folder of temporary files.
        }
    }

    private void Mouse(string type, (double X, double Y) point, int buttons) => Send("Input.dispatchMouseEvent", new JsonObject
    {
        ["type"] = type,
        ["x"] = point.X,
        ["y"] = point.Y,
        ["button"] = type == "mouseMoved" && buttons == 0 ? "none" : "left",
        ["buttons"] = buttons,
        ["clickCount"] = 1,
    });

    private JsonElement Send(string method, JsonObject? parameters = null)
    {
        int id = ++_messages;
        string text = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] }.ToJsonString();
        _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Wait(s_patience).ShouldBeTrue();
        while (true)
        {
            JsonElement message = Receive();
            if (message.TryGetProperty("id", out JsonElement answered) && answered.GetInt32() == id)
            {
                message.TryGetProperty("error", out JsonElement error).ShouldBeFalse($"{method}: {error}");
                return message.GetProperty("result");
            }

            Note(message);
        }
    }

    private void Note(JsonElement message)
    {
        string method = message.TryGetProperty("method", out JsonElement name) ? name.GetString()! : "";
        if (method == "Runtime.exceptionThrown" || (method == "Runtime.consoleAPICalled" && message.GetProperty("params").GetProperty("type").GetString() is "error" or "warning") || method == "Log.entryAdded")
        {
            Errors.Add(message.GetProperty("params").ToString());
        }

        if (method == "Network.requestWillBeSent")
        {
            Requests.Add(message.GetProperty("params").GetProperty("request").GetProperty("url").GetString()!);
        }
    }

    private JsonElement Receive()
    {
        using var text = new MemoryStream();
        var buffer = new byte[1 << 16];
        using var patience = new CancellationTokenSource(s_patience);
        ValueWebSocketReceiveResult part;
        do
        {
            part = _socket.ReceiveAsync(buffer.AsMemory(), patience.Token).AsTask().Result;
            text.Write(buffer.AsSpan(0, part.Count));
        }
        while (!part.EndOfMessage);
        return JsonDocument.Parse(text.ToArray()).RootElement;
    }
}

/// <summary>A test that opens pages: skipped where there is no Chromium or no Node, unless RELUFLOW_REQUIRE_ALL=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if ((Chromium.Missing ?? Programs.MissingOf("node")) is { } missing && Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") != "1")
        {
            Skip = missing;
        }
    }
}

/// <summary>A test that runs other programs: skipped where one is not on the path, unless RELUFLOW_REQUIRE_ALL=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProgramsFactAttribute : FactAttribute
{
    public ProgramsFactAttribute(params string[] programs)
    {
        if (programs.Select(Programs.MissingOf).FirstOrDefault(missing => missing is not null) is { } missing && Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") != "1")
        {
            Skip = missing;
        }
    }
}

/// <summary>Programs on the path.</summary>
internal static class Programs
{
    /// <summary>What is missing; null where the program is there.</summary>
    public static string? MissingOf(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program))) ? null : $"{program} is not installed";
}
