using ReluFlow.Networks;

namespace ReluFlow.Tests.Networks;

public sealed class RandomStreamTests
{
    private const int Draws = 200_000;

    // Five standard errors of a mean of that many draws of unit variance; the seeds are fixed, so this either holds or does not.
    private const double FiveSigma = 5 / 447.2;

    // ln of s in the polar method differs by at most 2 units in the last place between libraries.
    private const double LogRounding = 1e-15;

    // Expected bits: an implementation of xoshiro256** seeded by SplitMix64, written independently in Python with big integers.
    [Theory]
    [InlineData(0ul, 0x99ec5f36cb75f2b4ul, 0xbf6e1f784956452aul, 0x1a5f849d4933e6e0ul, 0x7aac8c483a2edd2ful)]
    [InlineData(1ul, 0xb3f2af6d0fc710c5ul, 0x853b559647364ceaul, 0x92f89756082a4514ul, 0xb8517c33c344d153ul)]
    [InlineData(12345678901234567890ul, 0x1aa60a5817c7040dul, 0xe5fa38b920b86e74ul, 0xb9215ddeb166c20ful, 0x9ce362c21b9f3e0aul)]
    public void NextBits_Seed_GivesTheKnownSequence(ulong seed, ulong first, ulong second, ulong third, ulong thousandth)
    {
        var stream = new RandomStream(seed);
        stream.NextBits().ShouldBe(first);
        stream.NextBits().ShouldBe(second);
        stream.NextBits().ShouldBe(third);
        for (int i = 4; i < 1000; i++)
        {
            stream.NextBits();
        }

        stream.NextBits().ShouldBe(thousandth);
    }

    // Expected: the same Python implementation with its mathematical library's logarithm.
    [Fact]
    public void NextNormal_Seed_GivesTheKnownSequence()
    {
        var stream = new RandomStream(7);
        foreach (double expected in new[] { 0.9643618527255184, -1.0637531974798475, -0.3039301238656567, -1.0989693210013467, 0.30479435832638674, 1.7083194561947417 })
        {
            stream.NextNormal().ShouldBe(expected, Math.Abs(expected) * LogRounding);
        }
    }

    [Fact]
    public void NextUniform_ManyDraws_HasTheMomentsOfTheUnitInterval()
    {
        var stream = new RandomStream(11);
        double sum = 0, squares = 0;
        for (int i = 0; i < Draws; i++)
        {
            double u = stream.NextUniform();
            (u is >= 0 and < 1).ShouldBeTrue();
            sum += u;
            squares += u * u;
        }

        (sum / Draws).ShouldBe(0.5, FiveSigma * Math.Sqrt(1.0 / 12));
        (squares / Draws).ShouldBe(1.0 / 3, FiveSigma * Math.Sqrt(4.0 / 45));
    }

    [Fact]
    public void NextNormal_ManyDraws_HasTheFirstFourMoments()
    {
        var stream = new RandomStream(12);
        double first = 0, second = 0, third = 0, fourth = 0;
        for (int i = 0; i < Draws; i++)
        {
            double z = stream.NextNormal();
            first += z;
            second += z * z;
            third += z * z * z;
            fourth += z * z * z * z;
        }

        (first / Draws).ShouldBe(0, FiveSigma);
        (second / Draws).ShouldBe(1, FiveSigma * Math.Sqrt(2));
        (third / Draws).ShouldBe(0, FiveSigma * Math.Sqrt(15));
        (fourth / Draws).ShouldBe(3, FiveSigma * Math.Sqrt(96));
    }

    [Fact]
    public void NextInteger_EveryResidue_IsEquallyLikely()
    {
        const int Bound = 7;
        var stream = new RandomStream(14);
        var counts = new int[Bound];
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextInteger(Bound)]++;
        }

        counts.ShouldAllBe(count => Math.Abs((count / (double)Draws) - (1.0 / Bound)) < FiveSigma * Math.Sqrt(6.0 / 49));
        Should.Throw<ArgumentOutOfRangeException>(() => stream.NextInteger(0));
    }

    [Fact]
    public void NextSign_ManyDraws_IsFair()
    {
        var stream = new RandomStream(15);
        double sum = 0;
        for (int i = 0; i < Draws; i++)
        {
            sum += stream.NextSign();
        }

        (sum / Draws).ShouldBe(0, FiveSigma);
    }

    [Fact]
    public void NextPermutation_EveryOrderOfThree_IsEquallyLikely()
    {
        const int Trials = 60_000;
        var stream = new RandomStream(16);
        var counts = new Dictionary<string, int>();
        for (int i = 0; i < Trials; i++)
        {
            string order = string.Join(',', stream.NextPermutation(3));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        counts.Count.ShouldBe(6);
        double fiveSigma = 5 * Math.Sqrt(5.0 / 36 / Trials);
        counts.Values.ShouldAllBe(count => Math.Abs((count / (double)Trials) - (1.0 / 6)) < fiveSigma);
    }

    [Fact]
    public void PortableLog_NumbersOfEverySize_IsWithinTwoUnitsOfTheLibrary()
    {
        var stream = new RandomStream(17);
        RandomStream.PortableLog(1).ShouldBe(0);
        for (int i = 0; i < Draws; i++)
        {
            double x = i % 2 == 0 ? 0.5 + stream.NextUniform() : Math.ScaleB(1 + stream.NextUniform(), stream.NextInteger(2000) - 1000);
            double expected = Math.Log(x);
            double unit = Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected);
            Math.Abs(RandomStream.PortableLog(x) - expected).ShouldBeLessThanOrEqualTo(2 * unit, $"x = {x:R}");
        }
    }
}
