using System.Text.Json;

namespace ReluFlow.Lab.Tests;

/// <summary>Files that the page takes and gives.</summary>
public sealed class PageFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task Files_DroppedOntoTheEditor_AreItsSamples()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);

        page.Rerun(() => Drop(page, ".function canvas", "points.csv", [.. "x,y\n-1,0.5\n0,1\n1,-0.25\n"u8]));
        page.Numbers("lab.points.inputs.concat(lab.points.targets).map(row => row[0])").ShouldBe([-1, 0, 1, 0.5, 1, -0.25]);
        page.Text("document.getElementById('status').textContent").ShouldStartWith("points.csv: 3 samples of 1 input and 1 output.");

        // Two inputs: the picture is another one, and takes files too.
        byte[] npz = NpzBytes.Of(("X", [2, 2], [1, 0.5, -1, 0.25]), ("y", [2], [1, -1]));
        page.Rerun(() => Drop(page, ".function canvas", "plane.npz", npz));
        page.Text("JSON.stringify(lab.points)").ShouldBe("""{"inputs":[[1,0.5],[-1,0.25]],"targets":[[1],[-1]]}""");
        page.Rerun(() => Drop(page, ".decision canvas", "points.csv", [.. "2,3\n4,5\n"u8]));
        page.Text("JSON.stringify(lab.points)").ShouldBe("""{"inputs":[[2],[4]],"targets":[[3],[5]]}""");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Files_Malformed_AreSaidAndThePageGoesOn()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open(LabPage.Small);
        foreach ((string name, byte[] bytes, string said) in ((string, byte[], string)[])
        [
            ("bad.npz", [.. "PK no zip at all"u8], "bad.npz"),
            ("claim.npz", NpzClaim.OfAGigabyte(), NpzClaim.Refusal),
            ("nan.csv", [.. "1,2\n3,nan\n"u8], "finite number"),
            ("cut.csv", [.. "1,2\n3\n"u8], "line 2"),
            ("empty.csv", [], "empty.csv"),
        ])
        {
            Drop(page, "#data-source", name, bytes);
            page.Browser.WaitUntil($"document.getElementById('failure-data-file').textContent.includes({JsonSerializer.Serialize(said)})");
            page.Browser.Evaluate("(r => r.height > 0 && r.top >= 0 && r.bottom <= innerHeight)(document.getElementById('failure-data-file').getBoundingClientRect())").GetBoolean().ShouldBeTrue("it is in view");
        }

        page.Rerun(() => Drop(page, "#data-source", "good.csv", [.. "x,y\n-1,0.5\n0,1\n1,-0.25\n"u8]));
        page.Numbers("lab.points.targets.map(row => row[0])").ShouldBe([0.5, 1, -0.25]);
        page.Browser.WaitUntil("document.getElementById('failure-data-file').textContent === ''");
        page.Browser.WaitUntil("decodeURIComponent(location.hash).includes(\"'inputs':[[-1],[0],[1]]\")");
    }

    [ChromiumFact]
    public async Task Pictures_SavedAsSvg_AreWellFormed()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Browser.DownloadTo(_folder.Path);
        page.Open("#story=race");
        page.PlayToTheEnd();

        page.Browser.Evaluate("document.querySelectorAll('#pictures figure:not([hidden]) figcaption button').forEach(button => button.click())");
        string[] names = ["decision.svg", "gates.svg", "loss.svg", "neurons.svg", "norms.svg", "size.svg"];
        await LabFixture.UntilAsync(() => names.All(name => File.Exists(_folder[name]) && new FileInfo(_folder[name]).Length > 0));

        foreach (string name in names)
        {
            System.Xml.Linq.XDocument.Load(_folder[name]).Root!.Name.LocalName.ShouldBe("svg");
        }
    }

    // As a browser does: whoever lets a file be dropped says so while it hovers.
    private static void Drop(LabPage page, string target, string name, byte[] bytes) => page.Browser.Evaluate($$"""
        (() => {
          const data = new DataTransfer(), target = document.querySelector({{JsonSerializer.Serialize(target)}});
          data.items.add(new File([Uint8Array.from([{{string.Join(',', bytes)}}])], {{JsonSerializer.Serialize(name)}}));
          const drag = type => target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
          if (drag('dragover')) throw new Error('nothing may be dropped here');
          if (drag('drop')) throw new Error('the browser would open the file');
        })()
        """);
}
