using ReluFlow.Experiments.Verification;
using ReluFlow.Experiments.Verification.Claims;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Verification;

public class ClaimTrialsTests
{
    [Theory]
    [InlineData("zero-loss")]
    [InlineData("balancedness")]
    [InlineData("minimum-norm-closed-form")]
    public void Run_AnyNumberOfThreadsOrTrials_GivesTheSameBits(string name)
    {
        Claim claim = ClaimRegistry.Find(name);
        string[] one = Outcomes(ClaimTrials.Run(claim, 12, seed: 9, threads: 1)), four = Outcomes(ClaimTrials.Run(claim, 12, seed: 9, threads: 4));

        four.ShouldBe(one);
        Outcomes(ClaimTrials.Run(claim, 5, seed: 9)).ShouldBe(one[..5]);
        Outcomes(ClaimTrials.Run(claim, 5, seed: 10)).ShouldNotBe(one[..5]);
    }

    [Fact]
    public void Run_EachTrial_IsReported()
    {
        int finished = 0;
        ClaimTrials.Run(new FixedClaim(_ => 0), 30, seed: 1, finished: () => Interlocked.Increment(ref finished));
        finished.ShouldBe(30);
    }

    [Fact]
    public void Run_Cancelled_Throws()
    {
        Should.Throw<OperationCanceledException>(() => ClaimTrials.Run(new ZeroLoss(), 3, seed: 1, cancellation: new CancellationToken(canceled: true)));

        using var cancellation = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => ClaimTrials.Run(new ZeroLoss(), 100, seed: 1, threads: 2, cancellation.Cancel, cancellation.Token));
    }

    [Fact]
    public void Run_NoTrials_Throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ClaimTrials.Run(new ZeroLoss(), 0, seed: 1));
        Should.Throw<ArgumentOutOfRangeException>(() => ClaimTrials.Run(new ZeroLoss(), 1, seed: 1, threads: -1));
    }

    [Fact]
    public void SmallestFailure_SeveralFail_IsTheOneOfFewestSamplesTimesNeurons()
    {
        // Widths are from 1 to 7, and those of width 3 and more fail.
        ClaimVerdict verdict = ClaimTrials.Run(new FixedClaim(width => width >= 3 ? 1 : 0), 20, seed: 4);

        verdict.Holds.ShouldBeFalse();
        verdict.Trials[verdict.SmallestFailure!.Value].Instance.Start.Width.ShouldBe(verdict.Trials.Select(trial => trial.Instance.Start.Width).Where(width => width >= 3).Min());
    }

    [Fact]
    public void Verdict_DeviationThatIsNoNumber_Fails()
    {
        ClaimVerdict verdict = ClaimTrials.Run(new FixedClaim(_ => double.NaN), 3, seed: 4);

        verdict.Holds.ShouldBeFalse();
        verdict.Quantities[0].Worst.ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Verdict_NothingChecked_DoesNotHold()
    {
        ClaimVerdict verdict = ClaimTrials.Run(new FixedClaim(_ => null), 3, seed: 4);

        (verdict.Checked, verdict.SkippedCount, verdict.Holds, verdict.SmallestFailure).ShouldBe((0, 3, false, null));
    }

    [Fact]
    public void Quantity_Rules_JudgeAsTheySay()
    {
        QuantityVerdict.Of(new Quantity("q", 1), [0.5, 1, 0.25]).ShouldBe(new QuantityVerdict(new Quantity("q", 1), 1, 0.5, Holds: true));
        QuantityVerdict.Of(new Quantity("q", 1), [0.5, 1.5]).Holds.ShouldBeFalse();
        QuantityVerdict.Of(new Quantity("q", 1), [0.5, 1.5]).Median.ShouldBe(1);
        QuantityVerdict.Of(new Quantity("q", 1, QuantityRule.SomeTrial), [0.5, 1.5]).Holds.ShouldBeTrue();
        QuantityVerdict.Of(new Quantity("q", 1, QuantityRule.SomeTrial), [0.5, 0.9]).Holds.ShouldBeFalse();

        // 10 of 100 draws do not contradict a probability of 0.05 for certain; 100 of 1000 do.
        var frequency = new Quantity("q", 0.05, QuantityRule.Frequency, Draws: 10);
        QuantityVerdict.Of(frequency, [.. Enumerable.Repeat(0.1, 10)]).Holds.ShouldBeTrue();
        QuantityVerdict.Of(frequency, [.. Enumerable.Repeat(0.1, 100)]).Holds.ShouldBeFalse();
        QuantityVerdict.Of(frequency, [.. Enumerable.Repeat(0.1, 100)]).Worst.ShouldBe(0.1, 1e-15);
    }

    [Theory]
    [InlineData(0, 50)]
    [InlineData(3, 50)]
    [InlineData(1000, 20000)]
    [InlineData(50, 50)]
    public void Wilson_Ends_SolveTheScoreEquation(long events, long draws)
    {
        // The interval is where |p̂ − p| ≤ z √(p(1 − p)/draws).
        var band = WilsonInterval.Of(events, draws);
        double share = (double)events / draws;
        foreach (double p in (double[])[band.Least, band.Most])
        {
            if (p is > 0 and < 1)
            {
                Math.Abs(share - p).ShouldBe(WilsonInterval.Deviations * Math.Sqrt(p * (1 - p) / draws), 1e-12);
            }
        }

        share.ShouldBeInRange(band.Least, band.Most);
        Should.Throw<ArgumentOutOfRangeException>(() => WilsonInterval.Of(2, 1));
    }

    private static string[] Outcomes(ClaimVerdict verdict) =>
        [.. verdict.Trials.Select(trial => $"{trial.Skipped} {string.Join(' ', trial.Deviations.Select(BitConverter.DoubleToInt64Bits))} {trial.Instance.Start.OutputWeights[0, 0]:R}")];

    /// <summary>Deviations by the width of an empty instance; null skips.</summary>
    private sealed class FixedClaim(Func<int, double?> deviation) : Claim("fixed", "a test", "test", "none", new Quantity("deviation", 0.5))
    {
        public override Trial Try(RandomStream stream, CancellationToken cancellation)
        {
            int width = 1 + stream.NextInteger(7);
            var instance = new Instance(BuiltinDatasets.Make("orthogonal-toy", 1), Initialization.Balanced(width, 1, hasBias: false, new LogNumber(0), 1, cancellation: cancellation));
            return deviation(width) is { } value ? Trial.Of(instance, value) : Trial.Skip(instance, "asked for");
        }
    }
}
