using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace ReluFlow.Lab.Tests;

/// <summary>Requests that nobody honest makes: refused or cut off, and pages that behave do not notice.</summary>
public class AbuseTests
{
    private const int Many = 50;

    [Fact]
    public async Task Connections_ManyOpenAndVanish_LeaveNothing()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        LabRunHeard before = await page.RunAsync(Requests.Toy, 1);
        long held = lab.Server.HeldRunBytes;

        // In turn: a bare connection, half a request, half a message, a run in hand, a run whose frames nobody reads; all open at one time.
        var open = new List<IDisposable>();
        for (int i = 0; i < Many; i++)
        {
            open.Add(await ((i % 5) switch
            {
                0 => AsDisposableAsync(OpenAsync(lab)),
                1 => HalfRequestAsync(lab),
                2 => HalfMessageAsync(lab),
                int kind => RunningAsync(lab, credit: kind == 3 ? 0 : 1000),
            }));
        }

        await LabFixture.UntilAsync(() => lab.Server.Sessions == 1 + (3 * Many / 5) && lab.Server.HeldRunBytes > held && lab.Server.Resources.RunTurns.CurrentCount == 0);
        open.ForEach(client => client.Dispose());

        await LabFixture.UntilAsync(() => lab.Server.Sessions == 1);
        (lab.Server.HeldRunBytes, lab.Server.HeldBodyBytes, lab.Server.HeldUploadBytes).ShouldBe((held, 0, 0));
        lab.Server.Resources.Runs.Count.ShouldBe(1);
        LabRunHeard after = await page.RunAsync(Requests.Toy, 1);
        after.Frames.Select(frame => Convert.ToHexString(frame.Bytes)).ShouldBe(before.Frames.Select(frame => Convert.ToHexString(frame.Bytes)));
    }

    [Fact]
    public async Task Reader_ReadsNothing_IsCutOffAndOthersGoOn()
    {
        var clock = new MovedClock();
        await using LabFixture lab = await LabFixture.StartAsync(clock: clock, ping: Timeout.InfiniteTimeSpan);
        using LabClient page = await lab.ConnectAsync();

        // Only the patience can end it, since nobody asks whether it is there. Frames of 42 kB by the hundred fill every buffer on the way.
        using LabClient slow = await lab.ConnectAsync();
        await slow.SayAsync("""{"kind":"run","request":1,"experiment":{"data":{"builtin":"orthogonal-toy"},"bias":true,"width":2000,"scale":"1e-300","time":3000,"saves":400},"credit":100000}""");
        await slow.HearAsync("started");

        (await page.RunAsync(Requests.Toy)).Status.ShouldBe("interpolated");

        await LabFixture.UntilAsync(() =>
        {
            clock.Move(TimeSpan.FromSeconds(20));
            return lab.Server.Sessions == 1;
        });
        (await page.RunAsync(Requests.Toy, 2)).Status.ShouldBe("interpolated");
    }

    [Theory]
    [InlineData("/../../etc/passwd")]
    [InlineData("/assets/../../../etc/passwd")]
    [InlineData("/assets/..%2f..%2fetc%2fpasswd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/assets/..\\..\\etc\\passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/assets/")]
    [InlineData("/index.html/x")]
    [InlineData("/not-built.html%00.js")]
    [InlineData("/api/runs/../../etc/passwd/export.zip")]
    [InlineData("/api/runs/%2e%2e%2fstart/export.zip")]
    [InlineData("/api/runs//export.zip")]
    [InlineData("/api/runs/export.zip")]
    [InlineData("/api/")]
    [InlineData("/API/builtins")]
    public async Task Path_LeadsElsewhere_ThereIsNothing(string path)
    {
        await using LabFixture lab = await LabFixture.StartAsync();

        string answer = await RawAsync(lab, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{lab.Server.Address.Port}\r\nConnection: close\r\n\r\n");

        answer.ShouldMatch("^HTTP/1.1 (404|400) ");
        answer.ShouldNotContain("root:");
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:PORT")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1.evil.example:PORT")]
    [InlineData("localhost.evil.example:PORT")]
    [InlineData("10.0.0.1:PORT")]
    [InlineData("0.0.0.0:PORT")]
    public async Task Host_IsNotThisServers_IsMisdirected(string host)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        foreach (string path in (string[])["/", "/api/builtins", "/api/session"])
        {
            string answer = await RawAsync(lab, $"GET {path} HTTP/1.1\r\nHost: {host.Replace("PORT", Port(lab), StringComparison.Ordinal)}\r\nConnection: close\r\n\r\n");

            answer.ShouldStartWith("HTTP/1.1 421 ");
            answer.ShouldContain("Content-Security-Policy: default-src 'none'");
        }
    }

    [Theory]
    [InlineData("127.0.0.1:PORT")]
    [InlineData("localhost:PORT")]
    [InlineData("LOCALHOST:PORT")]
    [InlineData("[::1]:PORT")]
    public async Task Host_IsAnotherNameOfLoopback_IsServed(string host)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        string name = host.Replace("PORT", Port(lab), StringComparison.Ordinal);

        (await RawAsync(lab, $"GET /api/builtins HTTP/1.1\r\nHost: {name}\r\nOrigin: http://{name}\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 200 ");
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("https://127.0.0.1:PORT")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://localhost:PORT")]
    [InlineData("http://127.0.0.1:PORT.evil.example")]
    public async Task Origin_IsAnother_IsRefusedEverywhere(string pattern)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        string origin = pattern.Replace("PORT", Port(lab), StringComparison.Ordinal);

        (await Should.ThrowAsync<WebSocketException>(LabClient.ConnectAsync(lab.Server, options => options.SetRequestHeader("Origin", origin)))).Message.ShouldContain("403");
        foreach ((HttpMethod method, string path) in ((HttpMethod, string)[])[(HttpMethod.Post, "api/data?name=a.csv"), (HttpMethod.Get, "api/builtins"), (HttpMethod.Options, "api/data")])
        {
            using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? new ByteArrayContent("1,2\n"u8.ToArray()) : null };
            request.Headers.TryAddWithoutValidation("Origin", origin);
            using HttpResponseMessage answer = await lab.Http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
            answer.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
        }

        lab.Server.HeldUploadBytes.ShouldBe(0);
        lab.Server.Sessions.ShouldBe(0);
    }

    [Fact]
    public async Task Origin_IsOwn_IsServed()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await LabClient.ConnectAsync(lab.Server, options => options.SetRequestHeader("Origin", $"http://127.0.0.1:{Port(lab)}"));

        (await page.RunAsync(Requests.Toy)).Status.ShouldBe("interpolated");
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task FetchSite_IsAnother_IsRefused(string site)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/builtins");
        request.Headers.Add("Sec-Fetch-Site", site);

        (await lab.Http.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Token_ListeningElsewhereThanOnLoopback_IsAskedFor()
    {
        await using LabFixture lab = await LabFixture.StartAsync(address: IPAddress.Any);
        string token = lab.Server.Token.ShouldNotBeNull();
        token.Length.ShouldBe(32);
        lab.Server.PageAddress.Fragment.ShouldBe($"#token={token}");
        lab.Server.PageAddress.Query.ShouldBeEmpty();

        // The page itself holds no secret: it reads the token from its address.
        (await lab.Http.GetAsync("")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (string? wrong in (string?[])[null, "", token[1..], token.ToUpperInvariant() + "x", new string('0', 32)])
        {
            (await AskAsync(wrong)).ShouldBe(HttpStatusCode.Forbidden);
            (await Should.ThrowAsync<WebSocketException>(LabClient.ConnectAsync(lab.Server, options =>
            {
                if (!string.IsNullOrEmpty(wrong))
                {
                    options.AddSubProtocol("reluflow." + wrong);
                }
            }))).Message.ShouldContain("403");
        }

        (await AskAsync(token)).ShouldBe(HttpStatusCode.OK);
        using LabClient page = await LabClient.ConnectAsync(lab.Server, options => options.AddSubProtocol("reluflow." + token));
        (await page.RunAsync(Requests.Toy)).Status.ShouldBe("interpolated");
        page.Socket.SubProtocol.ShouldBe("reluflow." + token);

        // A name can be made to point here; an address cannot.
        (await RawAsync(lab, $"GET /api/builtins HTTP/1.1\r\nHost: evil.example:{Port(lab)}\r\nX-ReluFlow-Token: {token}\r\nConnection: close\r\n\r\n")).ShouldStartWith("HTTP/1.1 421 ");

        async Task<HttpStatusCode> AskAsync(string? given)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "api/builtins");
            if (given is not null)
            {
                request.Headers.Add("X-ReluFlow-Token", given);
            }

            return (await lab.Http.SendAsync(request)).StatusCode;
        }
    }

    [Theory]
    [InlineData("GET", "", HttpStatusCode.OK)]
    [InlineData("GET", "api/builtins", HttpStatusCode.OK)]
    [InlineData("GET", "favicon.ico", HttpStatusCode.NoContent)]
    [InlineData("GET", "absent", HttpStatusCode.NotFound)]
    [InlineData("GET", "api/session", HttpStatusCode.BadRequest)]
    [InlineData("POST", "", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "api/data", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "api/data?name=a.csv", HttpStatusCode.BadRequest)]
    public async Task Answer_OfAnyStatus_HasTheHeaders(string method, string path, HttpStatusCode status)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using HttpResponseMessage answer = await lab.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        answer.StatusCode.ShouldBe(status);
        foreach ((string name, string value) in ((string, string)[])
        [
            ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ])
        {
            answer.Headers.GetValues(name).ShouldBe([value]);
        }

        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    private static async Task<IDisposable> AsDisposableAsync(Task<TcpClient> client) => await client;

    private static async Task<IDisposable> HalfRequestAsync(LabFixture lab)
    {
        TcpClient half = await OpenAsync(lab);
        await half.GetStream().WriteAsync("GET /api/session HTTP/1.1\r\nHost: "u8.ToArray());
        return half;
    }

    private static async Task<IDisposable> HalfMessageAsync(LabFixture lab)
    {
        LabClient cut = await lab.ConnectAsync();
        await cut.Socket.SendAsync("{\"kind\":"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None);
        return cut;
    }

    private static async Task<IDisposable> RunningAsync(LabFixture lab, int credit)
    {
        LabClient running = await lab.ConnectAsync();
        await running.SayAsync($$"""{"kind":"run","request":1,"experiment":{{Requests.Endless}},"credit":{{credit}}}""");
        await running.SayAsync(Requests.Prepare(Requests.Toy));
        return running;
    }

    private static string Port(LabFixture lab) => lab.Server.Address.Port.ToString();

    private static async Task<TcpClient> OpenAsync(LabFixture lab)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, lab.Server.Address.Port);
        return client;
    }

    // As it stands, without a client that would tidy it up.
    private static async Task<string> RawAsync(LabFixture lab, string request)
    {
        using TcpClient client = await OpenAsync(lab);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync();
    }
}
