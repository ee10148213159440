using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ReluFlow.Lab.Tests;

/// <summary>Data files that pages send.</summary>
public class UploadTests
{
    // What is counted of each data set beside its numbers.
    private const int EntryBytes = 4096;

    [Theory]
    [InlineData("points.csv")]
    [InlineData("pasted")]
    [InlineData("../../etc/passwd")]
    [InlineData("C:\\windows\\system.csv")]
    public async Task Upload_Table_IsReadWhateverItsName(string name)
    {
        await using LabFixture lab = await LabFixture.StartAsync();

        JsonElement answer = await AcceptedAsync(lab, name, Encoding.UTF8.GetBytes("x,y\n1,2\n3,4.5\n-1,0\n"));

        answer.GetProperty("name").GetString().ShouldBe(name.Split('/', '\\')[^1]);
        Numbers(answer, "inputs").ShouldBe([1, 3, -1]);
        Numbers(answer, "targets").ShouldBe([2, 4.5, 0]);
        (answer.GetProperty("samples").GetInt32(), answer.GetProperty("dimension").GetInt32(), answer.GetProperty("outputs").GetInt32()).ShouldBe((3, 1, 1));
    }

    [Fact]
    public async Task Upload_Npz_TrainsAsItsPointsWould()
    {
        double[][] inputs = [[0.5, 1], [-1, 0.25], [2, 2]];
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();
        byte[] file = NpzBytes.Of(("X", [3, 2], [.. inputs.SelectMany(row => row)]), ("y", [3], [1, -1, 0.5]));

        JsonElement answer = await AcceptedAsync(lab, "my.npz", file);
        const string Rest = "\"width\":9,\"scale\":\"1e-3\",\"time\":30,\"saves\":20,\"bias\":true";
        LabRunHeard uploaded = await page.RunAsync($$$"""{"data":{"upload":"{{{answer.GetProperty("id").GetString()}}}"},{{{Rest}}}}""");
        LabRunHeard given = await page.RunAsync($$$"""{"data":{"points":{"inputs":[[0.5,1],[-1,0.25],[2,2]],"targets":[[1],[-1],[0.5]]}},{{{Rest}}}}""");

        uploaded.Frames.Select(frame => Convert.ToHexString(frame.Bytes)).ShouldBe(given.Frames.Select(frame => Convert.ToHexString(frame.Bytes)));
        uploaded.Started.GetProperty("dimension").GetInt32().ShouldBe(3);
        lab.Server.HeldUploadBytes.ShouldBe(EntryBytes + (3 * 3 * sizeof(double)));
    }

    [Fact]
    public async Task Upload_GzipTable_IsRead()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write("1,2\n3,4\n"u8);
        }

        await using LabFixture lab = await LabFixture.StartAsync();

        Numbers(await AcceptedAsync(lab, "points.csv.gz", bytes.ToArray()), "inputs").ShouldBe([1, 3]);
    }

    [Theory]
    [InlineData("a.csv", "1,2\n3\n", "line 2: 1 columns; 2 expected")]
    [InlineData("a.csv", "1,2\n3,NaN\n", "line 2, column 2: 'NaN'")]
    [InlineData("a.csv", "1,2\n3,\n", "line 2, column 2: an empty cell")]
    [InlineData("a.csv", "1,2\n3,\"4", "a.csv")]
    [InlineData("a.csv", "", "no line of numbers")]
    [InlineData("a.csv", "x;y\n1;2\n3;4\n", "semicolons: commas are expected")]
    [InlineData("a.csv", "1,5;2\n3;4\n", "semicolons: commas are expected, and a point before decimals")]
    [InlineData("a.npz", "", "the file is empty")]
    [InlineData("a.npz", "PK and nothing more", "not a whole NPZ")]
    [InlineData("", "<html>", "upload, line 1")]
    [InlineData("t10k-images-idx3-ubyte", "\0\0\u0008\u0003\0\0", "is an IDX file; CSV or NPZ, gzip too, is expected here")]
    [InlineData("data_batch_1.bin", "\u0003\u0001\u0002", "is a CIFAR-10 batch; CSV or NPZ")]
    public async Task Upload_MalformedText_SaysWhat(string name, string text, string why) => await RefusedAsync(name, Encoding.UTF8.GetBytes(text), why);

    [Fact]
    public async Task Upload_NpzOfNaN_SaysWhere() =>
        await RefusedAsync("a.npz", NpzBytes.Of(("X", [2, 1], [1, double.NaN]), ("y", [2], [1, 2])), "X[1, 0] is NaN");

    [Fact]
    public async Task Upload_NpzWithoutTargets_SaysWhatIsMissing() => await RefusedAsync("a.npz", NpzBytes.Of(("X", [2, 1], [1, 2])), "no array 'y'");

    [Fact]
    public async Task Upload_NpzTruncated_IsRefused()
    {
        byte[] whole = NpzBytes.Of(("X", [2, 1], [1, 2]), ("y", [2], [1, 2]));
        foreach (int length in (int[])[10, whole.Length / 2, whole.Length - 1])
        {
            await RefusedAsync("a.npz", whole[..length], "a.npz");
        }
    }

    [Fact]
    public async Task Upload_NpzThatClaimsAGigabyte_IsRefusedBeforeMemoryIsTaken()
    {
        long before = GC.GetTotalAllocatedBytes();
        await RefusedAsync("a.npz", NpzClaim.OfAGigabyte(), NpzClaim.Refusal);
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(64L << 20);
    }

    [Fact]
    public async Task Upload_GzipThatGrowsWithoutEnd_IsRefused()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal, leaveOpen: true))
        {
            byte[] blanks = new byte[1 << 20];
            blanks.AsSpan().Fill((byte)'\n');
            for (int i = 0; i < 17; i++)
            {
                gzip.Write(blanks);
            }
        }

        bytes.Length.ShouldBeLessThan(1 << 20);
        await RefusedAsync("a.csv.gz", bytes.ToArray(), "a smaller file expected");
    }

    [Fact]
    public async Task Upload_ShapeBeyondTheLimits_IsRefused()
    {
        await RefusedAsync("a.npz", NpzBytes.Of(("X", [2001, 1], new double[2001]), ("y", [2001], new double[2001])), "2001 samples; at most 2000");
        await RefusedAsync("a.npz", NpzBytes.Of(("X", [2, 1025], new double[2050]), ("y", [2], [1, 2])), "1025 input coordinates; at most 1024");
        await RefusedAsync("a.npz", NpzBytes.Of(("X", [2, 1], [1, 2]), ("y", [2, 65], new double[130])), "65 outputs; at most 64");
    }

    [Fact]
    public async Task Upload_LargerThanTheLab_IsToldInMebibytes()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using var body = new ByteArrayContent(new byte[(16 << 20) + 1]);
        // It is refused by its length: nothing of it is sent.
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/data?name=a.csv") { Content = body };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage answer = await lab.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("the file is larger than 16 MiB");
    }

    [Fact]
    public async Task Builtins_ThatAreDrawn_SayNoSeedThatThePageDoesNotKnow()
    {
        await using LabFixture lab = await LabFixture.StartAsync();

        string answer = await lab.Http.GetStringAsync(new Uri("api/builtins", UriKind.Relative));

        answer.ShouldContain("generator stewart: n = 40");
        answer.ShouldNotContain("18446744073709551614");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_TooLarge_IsRefusedByItsLengthOrWhileItComes(bool chunked)
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { UploadBytes = 1000 });
        using var body = new ByteArrayContent(new byte[100_000]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/data?name=a.csv") { Content = body };
        request.Headers.TransferEncodingChunked = chunked;

        using HttpResponseMessage answer = await lab.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("larger than 1000 bytes");
        await AcceptedAsync(lab, "a.csv", "1,2\n"u8.ToArray());
    }

    [Fact]
    public async Task Upload_MoreThanIsKept_OldestGiveWay()
    {
        await using LabFixture lab = await LabFixture.StartAsync(new LabLimits { StoredUploadBytes = 2 * (EntryBytes + 48) });
        using LabClient page = await lab.ConnectAsync();
        byte[] three = "1,2\n2,3\n4,5\n"u8.ToArray();

        string old = (await AcceptedAsync(lab, "a.csv", three)).GetProperty("id").GetString()!;
        string recent = "";
        for (int i = 0; i < 20; i++)
        {
            recent = (await AcceptedAsync(lab, "a.csv", three)).GetProperty("id").GetString()!;
            lab.Server.HeldUploadBytes.ShouldBe(Math.Min(i + 2, 2) * (EntryBytes + 48));
        }

        (await page.AskAsync(Requests.Prepare(Requests.ToyWith("data", $$"""{"upload":"{{old}}"}""")), "error")).GetProperty("field").GetString().ShouldBe("data.upload");
        await page.AskAsync(Requests.Prepare(Requests.ToyWith("data", $$"""{"upload":"{{recent}}"}""")), "prepared");
    }

    private static async Task<JsonElement> AcceptedAsync(LabFixture lab, string name, byte[] bytes)
    {
        using HttpResponseMessage answer = await SendAsync(lab, name, bytes);
        string text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task RefusedAsync(string name, byte[] bytes, string why)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using HttpResponseMessage answer = await SendAsync(lab, name, bytes);
        string text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, text);
        string error = JsonDocument.Parse(text).RootElement.GetProperty("error").GetString()!;
        error.ShouldContain(why, Case.Sensitive);
        error.ShouldNotContain('\n');
        lab.Server.HeldUploadBytes.ShouldBe(0);
        await AcceptedAsync(lab, "a.csv", "1,2\n"u8.ToArray());
    }

    private static Task<HttpResponseMessage> SendAsync(LabFixture lab, string name, byte[] bytes) => lab.Http.PostAsync($"api/data?name={Uri.EscapeDataString(name)}", new ByteArrayContent(bytes));

    private static double[] Numbers(JsonElement answer, string name) => [.. answer.GetProperty(name).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetDouble())];
}
