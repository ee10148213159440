using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

/// <summary>What a mask says of itself, what it makes of a network, and what it refuses.</summary>
public sealed class WeightMaskTests
{
    private static readonly ReluNetwork Network = ReluNetwork.FromWeights(Matrix.FromRows([3, 4, 0.5], [1, 2, 3]), Matrix.FromRows([1, -1], [7, 8]));

    [Fact]
    public void Of_Network_PutsZerosInPlaceOfTheOthers()
    {
        var mask = new WeightMask(2, [true, false, true, false, false, false], [false, true, true, true]);
        mask.Kept.ShouldBe(5);
        (mask.Neurons, mask.InputDimension, mask.OutputDimension).ShouldBe((2, 3, 2));
        ReluNetwork masked = mask.Of(Network);
        double[][] expected = [[3, 0, 0.5, 0, -1], [0, 0, 0, 7, 8]];
        for (int j = 0; j < 2; j++)
        {
            double[] stored = [.. masked.InputWeights.Row(j), .. masked.OutputWeights.Row(j)];

            // A product and a logarithm of the scale round.
            stored.Select(value => Math.Exp(masked.LogScales[j]) * value).ShouldBe(expected[j], 1e-14);
            stored.Select(value => value == 0).ShouldBe(expected[j].Select(value => value == 0));
        }
    }

    [Fact]
    public void WeightMask_OwnEntries_AreCopies()
    {
        bool[] entries = [true, true];
        var mask = new WeightMask(1, entries, entries);
        entries[0] = false;
        mask.InputWeights.ToArray().ShouldAllBe(kept => kept);
    }

    [Fact]
    public void WeightMask_EntriesThatMakeNoRows_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new WeightMask(0, [true], [true]));
        Should.Throw<ArgumentException>(() => new WeightMask(2, [true, true, true], [true, true])).Message.ShouldContain("has 3 entries");
        Should.Throw<ArgumentException>(() => new WeightMask(2, [true, true], [])).Message.ShouldContain("has 0 entries");
        Should.Throw<ArgumentException>(() => new WeightMask(2, [true, true], [true, true]).Of(Network)).Message.ShouldContain("the network has 2, 3 and 2");
    }
}
