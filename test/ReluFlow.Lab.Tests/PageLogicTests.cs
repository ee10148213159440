namespace ReluFlow.Lab.Tests;

/// <summary>What of the page needs no browser, tested where it is written: frames, addresses, scales, evaluation of a network.</summary>
public sealed class PageLogicTests
{
    [ProgramsFact("node")]
    public void ClientApp_TestsOfItsOwn_Pass()
    {
        string folder = Path.Combine(Checkout.Root, "src", "ReluFlow.Lab", "ClientApp"), runner = Path.Combine(folder, "node_modules", "vitest", "vitest.mjs");
        File.Exists(runner).ShouldBeTrue("building ReluFlow.Lab installs the packages of the front end");

        (int status, string output, string error) = ExternalProgram.Run("node", [runner, "run", "--root", folder, "--reporter=dot"]);

        status.ShouldBe(0, output + error);
    }
}
