using System.Text.Json;

namespace ReluFlow.Lab.Tests;

/// <summary>What the address of the page holds: all that is seen, and for a moment a token.</summary>
public sealed class PageAddressTests
{
    [ChromiumFact]
    public async Task Address_OpenedElsewhere_ShowsTheSame()
    {
        const string State = "#{'experiment':{'data':{'points':{'inputs':[[0.1,-0.30000000000000004],[-1,0.25]],'targets':[[1],[-0.7]]}},'bias':false,'width':9,'scheme':'dominated','scale':'3e-300','seed':9007199254740991,'time':1500,'stopLoss':0,'saves':30,'spacing':'log'},'previous':{'width':5,'saves':20},'frame':7,'selected':[1,4],'logLoss':true,'trails':false,'speed':0.5}";
        await using LabPage page = await LabPage.StartAsync();
        page.Open(State);
        page.Browser.WaitUntil("lab.index === 7");

        // The address comes to be what was opened; another page on it has the same experiment, the same previous one, the same time and the same frame.
        page.Browser.WaitUntil($"location.hash === {JsonSerializer.Serialize(State)}");
        string seen = Seen(page);
        await using LabPage other = await LabPage.StartAsync();
        other.Open(page.Text("location.hash"));
        other.Browser.WaitUntil("lab.index === 7");
        Seen(other).ShouldBe(seen);
        other.Text("document.getElementById('field-scale').value").ShouldBe("3e-300");
        other.Text("document.getElementById('field-seed').value").ShouldBe("9007199254740991");
        other.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Address_Damaged_IsSaidAndThePageWorks()
    {
        await using LabPage page = await LabPage.StartAsync();
        page.Open("#{'experiment':{'width':'many'}}");

        page.Text("document.getElementById('status').textContent").ShouldStartWith("The address cannot be read: the address says width");
        page.Whole("lab.run.frames.length").ShouldBePositive();
        page.Browser.Evaluate("location.hash = '#story=none'");
        page.Browser.WaitUntil("document.getElementById('status').textContent.includes('names no story')");
        page.Browser.Evaluate("location.hash = '#story=race'");
        page.Browser.WaitUntil("document.querySelector('#story h2')?.textContent === 'The race and its winners' && lab.run.finished");
        page.Browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Page_WithAToken_TakesItOutOfTheAddressAndIsLetIn()
    {
        await using LabServer server = await LabServer.StartAsync(new LabOptions { Port = 0, Address = System.Net.IPAddress.Any });
        using Chromium browser = Chromium.Start();
        var address = new UriBuilder(server.PageAddress) { Host = "127.0.0.1" };

        browser.Open(address.Uri.AbsoluteUri, "globalThis.lab && lab.run.finished && lab.builtins.length > 0");

        browser.Evaluate("location.href").GetString()!.ShouldNotContain(server.Token!);
        browser.Requests.ShouldAllBe(request => !request.Contains(server.Token!, StringComparison.Ordinal) || request.Contains('#'));
        browser.Errors.ShouldBeEmpty();
    }

    [ChromiumFact]
    public async Task Page_WithAnotherToken_SaysWhyAndTakesTheRightOneWhenItIsPasted()
    {
        await using LabServer server = await LabServer.StartAsync(new LabOptions { Port = 0, Address = System.Net.IPAddress.Any });
        using Chromium browser = Chromium.Start();
        var address = new UriBuilder(server.Address) { Host = "127.0.0.1", Fragment = $"token={new string('0', server.Token!.Length)}" };

        browser.Open(address.Uri.AbsoluteUri, "globalThis.lab && lab.failure");
        browser.Evaluate("lab.status").GetString()!.ShouldStartWith("The server does not let this page in: ");
        browser.Evaluate("lab.status").GetString()!.ShouldContain("token");

        browser.Evaluate($"location.hash = 'token={server.Token}'");
        browser.WaitUntil("globalThis.lab && lab.run.finished && lab.builtins.length > 0");
        browser.Evaluate("location.href").GetString()!.ShouldNotContain(server.Token!);
    }

    private static string Seen(LabPage page) =>
        page.Text("JSON.stringify([lab.run.experiment, lab.previous.experiment, lab.index, lab.frame.time, lab.frame.loss, [...lab.frame.unitIn], [...lab.selected], lab.logLoss, lab.trails, lab.player.speed, lab.previous.last.loss])");
}
