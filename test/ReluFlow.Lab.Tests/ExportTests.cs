using System.IO.Compression;
using System.Net;
using System.Text.Json;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Lab.Tests;

/// <summary>A run leaves the lab as a folder that <c>run</c> understands.</summary>
public sealed class ExportTests : IDisposable
{
    // What depends on the clock, on how the start came about, and on the names of things.
    private static readonly string[] s_other = ["elapsed_seconds", "hash", "experiment", "rescaled_enter", "rescaled_leave"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"data":{"builtin":"orthogonal-toy"},"bias":true,"width":12,"scale":"1e-300","seed":3,"time":2500,"saves":40}""")]
    [InlineData("""{"data":{"points":{"inputs":[[1,0.5],[0.1,-1],[-0.7,0.3]],"targets":[[1],[-1],[0.123456789012345]]}},"width":10,"scheme":"unbalanced","scale":"1e-2","time":40,"saves":30}""")]
    [InlineData("""{"data":{"builtin":"digits","options":{"classes":[3,8],"samples":20,"standardize":true}},"bias":true,"width":6,"scale":"1e-3","loss":"logistic","method":"gradient-descent","step":0.05,"time":5,"saves":10,"spacing":"linear"}""")]
    public async Task Export_UnpackedAndRun_GivesTheSameNumbers(string experiment)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        LabRunHeard run = await page.RunAsync(experiment);

        using HttpResponseMessage answer = await lab.Http.GetAsync($"api/runs/{run.Id}/export.zip");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ZipFile.ExtractToDirectoryAsync(await answer.Content.ReadAsStreamAsync(), _folder["export"]);
        _folder.Entries.ShouldBe(["export", "export/data.npz", "export/experiment.yaml", "export/start.npz"]);
        ExperimentSpec spec = SpecFile.Read(_folder["export/experiment.yaml"], []);
        RunResult again = ExperimentRunner.Run(Experiment.Resolve(spec, _folder["export"]), new RunOptions { OutputDirectory = _folder["run"] }, CancellationToken.None);
        Numbers(JsonDocument.Parse(again.Summary.ToJson()).RootElement).ShouldBe(Numbers(run.Summary));
    }

    [Fact]
    public async Task Export_OfARunThatIsGone_IsNotFound()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        LabClient page = await lab.ConnectAsync();
        LabRunHeard first = await page.RunAsync(Requests.Toy, 1), second = await page.RunAsync(Requests.Toy, 2);

        (await lab.Http.GetAsync($"api/runs/{first.Id}/export.zip")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await lab.Http.GetAsync($"api/runs/{second.Id}/export.zip")).StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Dispose();
        await LabFixture.UntilAsync(() => lab.Server.Sessions == 0);
        (await lab.Http.GetAsync($"api/runs/{second.Id}/export.zip")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Export_OfTheSameRun_HasTheSameBytes()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync(), other = await lab.ConnectAsync();
        LabRunHeard first = await page.RunAsync(Requests.Toy), second = await other.RunAsync(Requests.Toy);

        byte[] one = await lab.Http.GetByteArrayAsync($"api/runs/{first.Id}/export.zip"), two = await lab.Http.GetByteArrayAsync($"api/runs/{second.Id}/export.zip");

        two.ShouldBe(one);
    }

    private static Dictionary<string, string> Numbers(JsonElement summary)
    {
        var numbers = new Dictionary<string, string>();
        Collect("", summary);
        numbers.Keys.ShouldContain("loss");
        numbers.Keys.ShouldContain("squared_norm");
        return numbers;

        void Collect(string path, JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in element.EnumerateObject().Where(property => !s_other.Contains(property.Name)))
                {
                    Collect(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value);
                }
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                foreach ((JsonElement item, int i) in element.EnumerateArray().Select((item, i) => (item, i)))
                {
                    Collect($"{path}[{i}]", item);
                }
            }
            else
            {
                numbers[path] = element.ToString();
            }
        }
    }
}
