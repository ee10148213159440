using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>The command line.</summary>
public sealed class ArgumentsTests
{
    [Fact]
    public void Parse_Options_AreRead()
    {
        var arguments = Arguments.Parse(["peers", "--quick", "--problem", "hd", "--output", "out", "--limit", "2.5", "--again", "--into", "doc.md"]);
        (arguments.Verb, arguments.IsQuick, arguments.Again, arguments.Output, arguments.Limit, arguments.Into).ShouldBe(("peers", true, true, "out", 2.5, "doc.md"));
        arguments.Problems.Single().Name.ShouldBe("hd");
        arguments.IsPart.ShouldBeTrue();
    }

    [Fact]
    public void Parse_NoOptions_IsEveryProblem() => Arguments.Parse(["peers"]).Problems.Select(problem => problem.Name).ShouldBe(["toy2", "toy5", "orth", "hd", "stewart"]);

    [Theory]
    [InlineData("'' is no verb")]
    [InlineData("'race' is no verb", "race")]
    [InlineData("There is no problem 'toy3'", "peers", "--problem", "toy3")]
    [InlineData("seconds '-1'", "peers", "--limit", "-1")]
    [InlineData("'--limit' is not understood, or its value is missing", "peers", "--limit")]
    [InlineData("'--fast' is not understood", "peers", "--fast", "1")]
    public void Parse_Mistakes_AreNamed(string message, params string[] args) => Should.Throw<InputException>(() => Arguments.Parse(args)).Message.ShouldStartWith(message);
}
