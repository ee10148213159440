using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Lab.Tests;

/// <summary>The lab's page in a browser, on a server of its own.</summary>
internal sealed class LabPage : IAsyncDisposable
{
    /// <summary>The address of a run of milliseconds.</summary>
    public const string Small = "#{'experiment':{'width':12,'seed':3,'time':60,'saves':40}}";

    private const string Ended = "globalThis.lab && lab.run.finished && (!lab.previous || lab.previous.finished)";

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private LabPage(LabServer server, Chromium browser) => (Server, Browser) = (server, browser);

    public LabServer Server { get; }

    public Chromium Browser { get; }

    public static async Task<LabPage> StartAsync(LabLimits? limits = null)
    {
        LabServer.HasPage.ShouldBeTrue("the front end was not built: Node or its packages are missing");
        LabServer server = await LabServer.StartAsync(new LabOptions { Port = 0, Limits = limits ?? new LabLimits() });
        Chromium browser = Chromium.Start();
        browser.Resize(1280, 900);
        return new LabPage(server, browser);
    }

    /// <summary>Opens the page at a state and waits until its runs have ended.</summary>
    /// <param name="fragment">The address from # on.</param>
    public void Open(string fragment)
    {
        Browser.Open("about:blank", "true");
        Browser.Open(new Uri(Server.Address, fragment).AbsoluteUri, Ended);
    }

    /// <summary>Lets time run to the end, eight times as fast as usual, and on where a story pauses.</summary>
    public void PlayToTheEnd()
    {
        Browser.Evaluate("lab.player.speed = 8");
        Browser.WaitUntil("lab.player.playing ? false : lab.player.isEnd ? lab.run.ledger : lab.next()");
    }

    /// <summary>Presses the story's button to go on.</summary>
    public void Next() => Browser.Evaluate("document.querySelector('.way button.main').click()");

    /// <summary>Does something that asks for another run, and waits until it has ended.</summary>
    public void Rerun(Action act)
    {
        int before = Whole("lab.run.request");
        act();
        Browser.WaitUntil($"lab.run.request !== {before} && {Ended}");
    }

    /// <summary>Sets a field as a hand does.</summary>
    public void Set(string id, string value) =>
        Browser.Evaluate($"(() => {{ const field = document.getElementById({JsonSerializer.Serialize(id)}); field.value = {JsonSerializer.Serialize(value)}; field.dispatchEvent(new Event('change')); }})()");

    public double Number(string expression) => Browser.Evaluate(expression).GetDouble();

    public int Whole(string expression) => Browser.Evaluate(expression).GetInt32();

    public string Text(string expression) => Browser.Evaluate(expression).GetString()!;

    public double[] Numbers(string expression) => [.. Browser.Evaluate(expression).EnumerateArray().Select(number => number.GetDouble())];

    /// <summary>The story's table: theory's number and the measured one by name; null where there is none.</summary>
    public Dictionary<string, (double? Theory, double? Measured)> Comparisons() => Browser
        .Evaluate("[...document.querySelectorAll('.compare tbody tr')].map(row => [row.cells[0].firstChild.textContent, row.cells[1].textContent, row.cells[2].textContent])")
        .EnumerateArray()
        .ToDictionary(row => row[0].GetString()!, row => (NumberOf(row[1].GetString()!), NumberOf(row[2].GetString()!)));

    /// <summary>The run that the page shows, exported and run by the library.</summary>
    public async Task<RunResult> RunByTheLibraryAsync(TemporaryFolder folder)
    {
        using Stream zip = await _http.GetStreamAsync(new Uri(Server.Address, $"api/runs/{Text("lab.run.id")}/export.zip"));
        await ZipFile.ExtractToDirectoryAsync(zip, folder["export"]);
        ExperimentSpec spec = SpecFile.Read(folder["export/experiment.yaml"], []);
        return ExperimentRunner.Run(Experiment.Resolve(spec, folder["export"]), new RunOptions { OutputDirectory = folder["run"] }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        Browser.Dispose();
        await Server.DisposeAsync();
    }

    // −1.25, 0.5, 10⁻¹⁴ or 3.2·10⁻⁹, as the page writes numbers.
    private static double? NumberOf(string text)
    {
        if (text is "–" or "not yet")
        {
            return null;
        }

        string plain = string.Concat(text.Replace("·10", "e", StringComparison.Ordinal).Replace("−", "-", StringComparison.Ordinal).Select(Digit));
        if (plain.StartsWith("10-", StringComparison.Ordinal))
        {
            plain = $"1e{plain[2..]}";
        }

        return double.Parse(plain, CultureInfo.InvariantCulture);
    }

    private static char Digit(char c) => "⁰¹²³⁴⁵⁶⁷⁸⁹".IndexOf(c, StringComparison.Ordinal) is var i and >= 0 ? (char)('0' + i) : c == '⁻' ? '-' : c;
}
