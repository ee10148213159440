using ReluFlow.Experiments.Reproduction;

namespace ReluFlow.Experiments.Tests.Reproduction;

public class ExpectationTests
{
    [Theory]
    [InlineData(0.25, 0.01, ToleranceKind.Absolute, 0.2599999, true)]
    [InlineData(0.25, 0.01, ToleranceKind.Absolute, 0.2600001, false)]
    [InlineData(0.25, 0.01, ToleranceKind.Relative, 0.2524999, true)]
    [InlineData(0.25, 0.01, ToleranceKind.Relative, 0.2526, false)]
    [InlineData(-0.5, 0.01, ToleranceKind.Relative, -0.504, true)]
    [InlineData(-0.5, 0.01, ToleranceKind.Relative, 0.504, false)]
    [InlineData(0.25, 0.01, ToleranceKind.Absolute, double.NaN, false)]
    public void Holds_ValueWithTolerance_IsMeantAsItSays(double expected, double tolerance, ToleranceKind kind, double measured, bool holds) =>
        new ExpectedQuantity { Quantity = "loss", Expected = expected, Tolerance = tolerance, Kind = kind }.Holds(measured).ShouldBe(holds);

    [Theory]
    [InlineData(null, 1.0, 1.0, true)]
    [InlineData(null, 1.0, 1.1, false)]
    [InlineData(0.5, null, 0.5, true)]
    [InlineData(0.5, null, 0.4, false)]
    [InlineData(0.5, 1.0, 0.7, true)]
    [InlineData(0.5, 1.0, double.NaN, false)]
    public void Holds_Range_IsInclusive(double? least, double? most, double measured, bool holds) =>
        new ExpectedQuantity { Quantity = "loss", Min = least, Max = most }.Holds(measured).ShouldBe(holds);

    [Fact]
    public void Parse_AllKeys_AreRead()
    {
        Expectation expectation = Expectation.Parse("""
            checks:
              - { quantity: loss, max: 1.0e-13, source: theorem }
              - { quantity: jump.1.tau, expected: 0.8944, tolerance: 0.1, kind: relative, source: derived }
            """, "test");

        expectation.Checks.ShouldBe(
        [
            new ExpectedQuantity { Quantity = "loss", Max = 1e-13, Source = "theorem" },
            new ExpectedQuantity { Quantity = "jump.1.tau", Expected = 0.8944, Tolerance = 0.1, Kind = ToleranceKind.Relative, Source = "derived" },
        ]);
        expectation.Checks.Select(check => check.InWords).ShouldBe(["at most 1E-13", "0.8944 ± 10%"]);
    }

    [Theory]
    [InlineData("checks: []", "no checks")]
    [InlineData("checks:\n  - { quantity: loss, maximum: 1, source: s }", "maximum")]
    [InlineData("checks:\n  - { quantity: loss, source: s }", "'loss'")]
    [InlineData("checks:\n  - { quantity: loss, max: 1 }", "'loss'")]
    [InlineData("checks:\n  - { quantity: loss, expected: 1, max: 1, source: s }", "'loss'")]
    [InlineData("checks:\n  - { quantity: loss, expected: 1, tolerance: -1, source: s }", "'loss'")]
    [InlineData("checks:\n  - { quantity: loss, max: much, source: s }", "much")]
    public void Parse_NotAnExpectation_SaysWhy(string yaml, string part)
    {
        string message = Should.Throw<InputException>(() => Expectation.Parse(yaml, "toy.expect.yaml")).Message;

        message.ShouldStartWith("toy.expect.yaml");
        message.ShouldContain(part);
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Find_EveryName_HasASpecAndChecks()
    {
        foreach (string name in ShippedExperiment.Names)
        {
            ShippedExperiment shipped = ShippedExperiment.Find(name);

            shipped.Expectation.Checks.ShouldNotBeEmpty();
            shipped.Description.ShouldNotBeEmpty();
            shipped.SpecText.ShouldContain($"name: {name}\n");
        }
    }
}
