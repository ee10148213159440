using ReluFlow.Experiments.Verification;
using ReluFlow.Experiments.Verification.Claims;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Verification;

/// <summary>Every claim holds on some instances, and would not if its constant were another.</summary>
public class ClaimTests
{
    // Enough for each claim to meet its assumptions several times.
    private const int Trials = 8;

    // For a share of failures of 0.1 to be told from 0.05 with certainty.
    private const int TrialsOfAFrequency = 60;

    public static TheoryData<string> Names => [.. ClaimRegistry.Claims.Select(claim => claim.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_Claim_Holds(string name)
    {
        ClaimVerdict verdict = ClaimTrials.Run(ClaimRegistry.Find(name), Trials, seed: 3);

        verdict.Trials.Count.ShouldBe(Trials);
        verdict.Checked.ShouldBeGreaterThan(1);
        (verdict.Checked + verdict.SkippedCount).ShouldBe(Trials);
        verdict.Holds.ShouldBeTrue(string.Join("; ", verdict.Quantities));
        verdict.SmallestFailure.ShouldBeNull();
    }

    // Neuron 3 leaves a slide as its last other gate closes and rests on the boundary, where its weights do not tell the gate.
    [Fact]
    public void EnergyIdentity_NeuronThatDiesAsItsSlideEnds_Holds()
    {
        Trial trial = new EnergyIdentity().Try(new RandomStream(new RandomStream(1).NextBits() + 38), CancellationToken.None);

        trial.Deviations.ShouldHaveSingleItem().ShouldBeLessThan(1e-10);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_BrokenConstant_Fails(string name)
    {
        Claim broken = BrokenClaims.All.Single(claim => claim.Name == name);
        broken.ShouldNotBeSameAs(ClaimRegistry.Find(name));

        ClaimVerdict verdict = ClaimTrials.Run(broken, broken is InterpolationThresholdClaim ? TrialsOfAFrequency : Trials, seed: 3);

        verdict.Holds.ShouldBeFalse(string.Join("; ", verdict.Quantities));
        int failing = verdict.SmallestFailure.ShouldNotBeNull();
        verdict.Trials[failing].Skipped.ShouldBeNull();
    }

    [Fact]
    public void Claims_Texts_AreOneLineEachAndNamesAreDistinct()
    {
        ClaimRegistry.Claims.Count.ShouldBe(15);
        ClaimRegistry.Claims.Select(claim => claim.Name).Distinct().Count().ShouldBe(15);
        foreach (Claim claim in ClaimRegistry.Claims)
        {
            foreach (string text in (string[])[claim.Name, claim.Statement, claim.Source, claim.Assumption])
            {
                text.ShouldNotBeNullOrWhiteSpace();
                text.ShouldNotContain('\n');
            }
        }
    }

    [Fact]
    public void Documentation_EveryClaim_StandsThereWithItsSourceAssumptionAndTolerance()
    {
        string[] rows = [.. File.ReadAllLines(Path.Combine(Checkout.Root, "docs", "verify.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Replace("\\|", "|"))];
        rows.Length.ShouldBe(ClaimRegistry.Claims.Count);
        foreach ((Claim claim, string row) in ClaimRegistry.Claims.Zip(rows))
        {
            row.ShouldStartWith($"| `{claim.Name}` | {claim.Statement} | {claim.Source} | {claim.Assumption} | ");
            row.ShouldEndWith($"{string.Join("; ", claim.Quantities.Select(quantity => $"{quantity.Name}: {quantity.InWords}"))} |");
        }
    }

    [Fact]
    public void EnergyIdentity_Instances_SlideAndCross()
    {
        // The identity says little where nothing happens.
        GateEvent[] events = [.. ClaimTrials.Run(new EnergyIdentity(), Trials, seed: 3).Trials.SelectMany(trial => trial.Instance.Follow(SaveTimes.EndsOnly, CancellationToken.None).Events)];

        events.ShouldContain(e => e.Kind == GateEventKind.SlideEnter);
        events.ShouldContain(e => e.Kind == GateEventKind.Activated);
    }

    [Fact]
    public void EarlyAlignmentTrap_Loss_IsThePublishedOne()
    {
        // MSE 0.17504 of the least-squares line, so L = 0.08752; the claim finds it from the data.
        Trial trial = new EarlyAlignmentTrap().Try(new RandomStream(5), CancellationToken.None);

        trial.Instance.Follow(SaveTimes.EndsOnly, CancellationToken.None).End.Loss.ShouldBe(0.08752, 5e-6);
    }

    [Fact]
    public void Try_Skipped_SaysWhichAssumptionFails()
    {
        ClaimVerdict verdict = ClaimTrials.Run(new ZeroLoss(), 40, seed: 1);

        Trial[] skipped = [.. verdict.Trials.Where(trial => trial.Skipped is not null)];
        skipped.ShouldNotBeEmpty();
        skipped.Length.ShouldBe(verdict.SkippedCount);
        skipped.ShouldAllBe(trial => trial.Skipped!.Contains("(2)") && trial.Deviations.Count == 0 && !ReluFlow.Theory.OrthogonalStartAssumption.Check(trial.Instance.Start, trial.Instance.Data).Holds);
    }
}
