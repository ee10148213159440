using ReluFlow.Experiments.Reproduction;

namespace ReluFlow.Experiments.Tests.Reproduction;

public sealed class PartingTests
{
    [Fact]
    public void Parting_OfDistances_HasItsTimesAndShares()
    {
        var parting = new Parting([0, 1, 2, 3, 4], [0, 0.01, 0.02, 0.05, 0.001]);

        // A distance of exactly the share is not apart.
        parting.First.ShouldBe(2);
        parting.Last.ShouldBe(3);
        parting.Apart.ShouldBe(0.4);
        (parting.Largest, parting.LargestTime, parting.End).ShouldBe((0.05, 3, 0.001));
        parting.InWords("They").ShouldBe("They differ by more than 1% from t = 2 to 3, by at most 5% at t = 3, by 0.1% at the end.");
    }

    [Fact]
    public void Parting_OfRunsThatAgree_HasNoTimes()
    {
        var parting = new Parting([0, 1], [0, 0.005]);

        parting.First.ShouldBeNull();
        parting.Last.ShouldBeNull();
        parting.Apart.ShouldBe(0);
        parting.InWords("They").ShouldBe("They never differ by more than 1%; by 0.5% at t = 1, by 0.5% at the end.");
    }

    [Fact]
    public void Parting_OfNothing_IsMisuse()
    {
        Should.Throw<ArgumentException>(() => new Parting([], []));
        Should.Throw<ArgumentException>(() => new Parting([1], [1, 2]));
    }
}
