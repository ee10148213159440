using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Tests.Sweeps;

public sealed class SweepPlanTests
{
    [Fact]
    public void Cross_OfTwoAxes_HasTheLastRunFastest()
    {
        SweepPlan plan = ToySweep.Plan("  initial.scale: [1, 2]\n  network.width: [3, 4, 5]");

        plan.Count.ShouldBe(6);
        Values(plan).ShouldBe(["1 3", "1 4", "1 5", "2 3", "2 4", "2 5"]);
        plan[4].Spec.Network.Width.ShouldBe(4);
    }

    [Fact]
    public void Zip_OfTwoAxes_TakesThemTogether() => Values(ToySweep.Plan("  initial.scale: [1, 2]\n  network.width: [3, 4]", "combine: zip")).ShouldBe(["1 3", "2 4"]);

    [Fact]
    public void Zip_OfDifferentLengths_IsOneClearLine() =>
        Should.Throw<InputException>(() => ToySweep.Plan("  initial.scale: [1, 2]\n  network.width: [3]", "combine: zip")).Message.ShouldContain("initial.scale has 2 values and network.width 1");

    [Fact]
    public void Exclude_LeavesOutWhatMatchesAllKeys() =>
        Values(ToySweep.Plan("  initial.scale: [1, 2]\n  network.width: [3, 4, 5]", "exclude: [{ initial.scale: 1.0, network.width: [3, 5] }, { network.width: 4 }]")).ShouldBe(["2 3", "2 5"]);

    [Fact]
    public void Exclude_OfEverything_IsOneClearLine() =>
        Should.Throw<InputException>(() => ToySweep.Plan("  network.width: [3]", "exclude: [{ network.width: 3 }]")).Message.ShouldContain("has no points");

    [Fact]
    public void Repeats_OfAPoint_CountSeedsFromTheBases()
    {
        SweepPlan plan = ToySweep.Plan("  network.width: [3, 4]", "repeats: 3");

        Values(plan).ShouldBe(["3 1", "3 2", "3 3", "4 1", "4 2", "4 3"]);
        Enumerable.Range(0, 6).Select(index => plan[index].Spec.Initial.Seed).ShouldBe([3ul, 4, 5, 3, 4, 5]);
    }

    [Theory]
    [InlineData("  initial.seed: 0..3", "")]
    [InlineData("  network.width: [3]", "set: { initial.scheme: file, initial.path: x.npz }")]
    public void Repeats_WithoutASeedToCount_IsOneClearLine(string axes, string more) =>
        Should.Throw<InputException>(() => ToySweep.Plan(axes, $"repeats: 2\n{more}")).Message.ShouldContain("one of the two is expected");

    [Fact]
    public void Point_IsTheExperimentOfTheSameOverrides()
    {
        SweepSpec spec = ToySweep.Parse(more: "set: { stop.time: 7 }");

        new SweepPlan(spec)[3].Spec.ShouldBe(SpecFile.Parse(spec.BaseText, "", ["stop.time=7", "initial.scale=3e-2", "initial.seed=1"]));
    }

    [Fact]
    public void Count_OfTooManyPoints_IsOneClearLine() =>
        Should.Throw<InputException>(() => ToySweep.Plan("  data.seed: 0..999999\n  initial.seed: 0..999999")).Message.ShouldContain("has 1,000,000,000,000 points");

    [Fact]
    public void RequireValid_OfABadValue_NamesTheAxis() =>
        Should.Throw<InputException>(() => ToySweep.Plan("  network.width: [3, -4]").RequireValid()).Message.ShouldContain("axis or set 'network.width=-4'");

    private static IEnumerable<string> Values(SweepPlan plan) => Enumerable.Range(0, plan.Count).Select(index => string.Join(' ', plan[index].Values));
}
