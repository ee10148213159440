using System.Text;
using System.Text.Json;
using FsCheck.Fluent;

namespace ReluFlow.Lab.Tests;

/// <summary>Messages that are not as they should be: one clear line, the field to blame, and the session goes on.</summary>
public class MessageTests
{
    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("{", "not valid JSON")]
    [InlineData("""{"kind":"prepare","request":1,"experiment":{"width":NaN}}""", "not valid JSON")]
    [InlineData("""{"kind":"cancel","kind":"cancel","request":1}""", "not valid JSON")]
    [InlineData("""[1,2]""", "no JSON object")]
    [InlineData("""null""", "no JSON object")]
    [InlineData("""{"kind":"cancel"}""", "request is missing")]
    [InlineData("""{"request":1}""", "kind is missing")]
    [InlineData("""{"kind":"cancel","request":-1}""", "request is -1")]
    [InlineData("""{"kind":"cancel","request":4294967296}""", "request is 4294967296")]
    [InlineData("""{"kind":"cancel","request":1.5}""", "request is 1.5")]
    [InlineData("""{"kind":7,"request":1}""", "kind is 7")]
    [InlineData("""{"kind":"stop","request":1}""", "kind is 'stop'; one of prepare, run")]
    [InlineData("""{"kind":"\ud800","request":1}""", "not valid Unicode")]
    [InlineData("""{"kind":"run","request":1,"experimnt":{}}""", "experimnt is not a field; the nearest is experiment")]
    [InlineData("""{"kind":"run","request":1}""", "experiment is missing")]
    [InlineData("""{"kind":"run","request":1,"experiment":[]}""", "an object with data, bias")]
    [InlineData("""{"kind":"credit","request":1,"frames":0}""", "frames is 0")]
    [InlineData("""{"kind":"credit","request":1}""", "frames is missing")]
    [InlineData("""{"kind":"reduce","request":1,"of":1,"frame":0}""", "no run that is kept")]
    [InlineData("""{"kind":"ledger","request":1}""", "of is missing")]
    public async Task Message_Malformed_IsOneLineAndTheSessionGoesOn(string message, string why)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        JsonElement error = await page.AskAsync(message, "error");

        string told = error.GetProperty("message").GetString()!;
        told.ShouldContain(why, Case.Sensitive);
        told.ShouldNotContain('\n');
        await page.AskAsync(Requests.Prepare(Requests.Toy), "prepared");
    }

    [Fact]
    public async Task Message_DeeplyNested_IsRefused()
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        JsonElement error = await page.AskAsync(new string('[', 400_000), "error");

        error.GetProperty("message").GetString()!.ShouldContain("not valid JSON");
    }

    [Theory]
    [InlineData("widht", "3", "widht is not a field; the nearest is width", "widht")]
    [InlineData("width", "0", "width is 0; a whole number from 1 to 2000 is expected", "width")]
    [InlineData("width", "2001", "width is 2001", "width")]
    [InlineData("width", "\"12\"", "width is '12'", "width")]
    [InlineData("width", "1e999", "width is 1e999", "width")]
    [InlineData("width", "null", "width is missing", "width")]
    [InlineData("scale", "1e-6", "scale is 1e-6; a text such as", "scale")]
    [InlineData("scale", "\"0\"", "scale is '0'", "scale")]
    [InlineData("scale", "\"NaN\"", "scale is 'NaN'", "scale")]
    [InlineData("scale", "\"1e7\"", "scale is '1e7'", "scale")]
    [InlineData("scheme", "\"file\"", "scheme is 'file'; one of balanced, unbalanced, dominated", "scheme")]
    [InlineData("seed", "-1", "seed is -1", "seed")]
    [InlineData("bias", "1", "bias is 1; true or false", "bias")]
    [InlineData("loss", "\"hinge\"", "loss is 'hinge'; one of squared, logistic, cross-entropy", "loss")]
    [InlineData("method", "\"adam\"", "method is 'adam'; one of gradient-flow, gradient-descent", "method")]
    [InlineData("tolerance", "2", "tolerance is 2", "tolerance")]
    [InlineData("time", "0", "time is 0; a positive number", "time")]
    [InlineData("time", "1e400", "time is 1e400", "time")]
    [InlineData("time", "1.1e12", "time is 1.1e12; a positive number up to 1e12", "time")]
    [InlineData("stopLoss", "-1", "stopLoss is -1", "stopLoss")]
    [InlineData("saves", "1", "saves is 1; a whole number from 2 to 1000", "saves")]
    [InlineData("saves", "1001", "saves is 1001", "saves")]
    [InlineData("spacing", "\"logarithmic\"", "spacing is 'logarithmic'; one of linear, log", "spacing")]
    [InlineData("method", "\"gradient-descent\"", "step is missing", "step")]
    [InlineData("data", "null", "data is missing", "data")]
    [InlineData("data", "{}", "data has no source", "data")]
    [InlineData("data", """{"builtin":"digits","upload":"x"}""", "data has builtin and upload", "data")]
    [InlineData("data", """{"bultin":"digits"}""", "data.bultin is not a field of data; the nearest is builtin", "data.bultin")]
    [InlineData("data", """{"builtin":"../../etc/passwd"}""", "data.builtin is '../../etc/passwd'; one of orthogonal-toy", "data.builtin")]
    [InlineData("data", """{"upload":"../../etc/passwd"}""", "data.upload is '../../etc/passwd'", "data.upload")]
    [InlineData("data", """{"generator":"file"}""", "data.generator is 'file'", "data.generator")]
    [InlineData("data", """{"generator":"teacher","options":{"path":"/etc/passwd"}}""", "data.options.path is not a field of data.options", "data.options.path")]
    [InlineData("data", """{"generator":"teacher","options":{"samples":2001}}""", "data.options.samples is 2001", "data.options.samples")]
    [InlineData("data", """{"generator":"teacher","options":{"dimension":1025}}""", "data.options.dimension is 1025", "data.options.dimension")]
    [InlineData("data", """{"points":{"inputs":[[1],[2]],"targets":[[1]]}}""", "2 inputs and 1 targets", "data.points")]
    [InlineData("data", """{"points":{"inputs":[[1],[2,3]],"targets":[[1],[2]]}}""", "data.points.inputs is a list; a list of rows of numbers", "data.points.inputs")]
    [InlineData("data", """{"points":{"inputs":[],"targets":[]}}""", "data.points.inputs is a list", "data.points.inputs")]
    [InlineData("data", """{"points":{"inputs":[[]],"targets":[[1]]}}""", "data.points.inputs is a list", "data.points.inputs")]
    [InlineData("data", """{"points":{"inputs":[["a"]],"targets":[[1]]}}""", "data.points.inputs is a list", "data.points.inputs")]
    [InlineData("data", """{"points":{"inputs":[[1e999]],"targets":[[1]]}}""", "data.points.inputs is a list", "data.points.inputs")]
    [InlineData("data", """{"points":{"inputs":[[1]]}}""", "data.points.targets is missing", "data.points.targets")]
    [InlineData("data", """{"builtin":"digits","options":{"classes":[3,99]}}""", "no sample of digits has the label 99", null)]
    [InlineData("loss", "\"logistic\"", null, null)]
    public async Task Experiment_FieldOfWrongValue_IsNamed(string field, string value, string? why, string? blamed)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        if (why is null)
        {
            // The toy's targets ±1 are right for this loss.
            await page.AskAsync(Requests.Prepare(Requests.ToyWith(field, value)), "prepared");
            return;
        }

        string toy = Requests.Toy.Contains($"\"{field}\"") || value is not ("1e999" or "1e400") ? Requests.ToyWith(field, value is "1e999" or "1e400" ? "\"HUGE\"" : value).Replace("\"HUGE\"", value) : throw new InvalidOperationException();
        JsonElement error = await page.AskAsync(Requests.Prepare(toy), "error");

        string told = error.GetProperty("message").GetString()!;
        told.ShouldContain(why, Case.Sensitive);
        told.ShouldNotContain('\n');
        error.GetProperty("request").GetInt32().ShouldBe(7);
        error.GetProperty("field").GetString().ShouldBe(blamed);
        await page.AskAsync(Requests.Prepare(Requests.Toy), "prepared");
    }

    [Theory]
    [InlineData("""{"data":{"points":{"inputs":[[1],[2]],"targets":[[0.5],[1]]}},"width":3,"loss":"logistic","time":1}""", "logistic")]
    [InlineData("""{"data":{"generator":"two-clusters","options":{"correlation":0.99,"dimension":1}},"width":3,"time":1}""", "data, source two-clusters")]
    [InlineData("""{"data":{"generator":"orthogonal","options":{"samples":9,"dimension":8}},"width":3,"time":1}""", "data, source orthogonal")]
    public async Task Experiment_PartsThatDoNotFit_SaysWhy(string experiment, string why)
    {
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        JsonElement error = await page.AskAsync(Requests.Prepare(experiment), "error");

        error.GetProperty("message").GetString()!.ShouldContain(why);
    }

    [Fact]
    public async Task Message_DamagedAtRandom_IsAnsweredAndTheSessionGoesOn()
    {
        byte[] valid = Encoding.UTF8.GetBytes(Requests.Prepare(Requests.Toy));
        byte[][] damaged = [.. Gen.Sample(from places in Gen.Choose(0, valid.Length - 1).ListOf() from value in Gen.Choose(0, 127) from length in Gen.Choose(1, valid.Length) select Changed(valid, places, (byte)value)[..length], 300)];
        await using LabFixture lab = await LabFixture.StartAsync();
        using LabClient page = await lab.ConnectAsync();

        foreach (byte[] bytes in damaged)
        {
            await page.SayAsync(Encoding.UTF8.GetString(bytes));
        }

        // The marker's answer comes after every other answer.
        await page.SayAsync("""{"kind":"ledger","request":4000000000,"of":0}""");
        int errors = 0;
        while (true)
        {
            JsonElement text = (await page.HearAsync()).Text.ShouldNotBeNull();
            errors += text.GetProperty("kind").GetString() == "error" ? 1 : 0;
            text.TryGetProperty("message", out JsonElement told);
            (told.ValueKind == JsonValueKind.String ? told.GetString()! : "").ShouldNotContain("defect");
            if (text.GetProperty("request") is { ValueKind: JsonValueKind.Number } request && request.GetUInt32() == 4_000_000_000)
            {
                break;
            }
        }

        errors.ShouldBeGreaterThan(100);
    }

    private static byte[] Changed(byte[] valid, IEnumerable<int> places, byte value)
    {
        byte[] changed = [.. valid];
        foreach (int place in places.Take(3))
        {
            changed[place] = value;
        }

        return changed;
    }
}
