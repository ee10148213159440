using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Capacity.Tickets;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Tests.Flows;

namespace ReluFlow.Tests.Capacity.Tickets;

/// <summary>Pruning with rewinding: sizes, survivors, rewound bits, masks, controls.</summary>
public class TicketSearchTests
{
    // Two hundred steps in another order of sums, on a problem of order one.
    private const double OracleRounding = 1e-10;

    // A neuron that loses weights is normalised anew.
    private const double Normalised = 4e-16;

    public static TheoryData<string> Laws => new("full", "momentum", "adam");

    [Fact]
    public void Follow_Neurons_KeepsTheLargestAndRewindsTheirBits()
    {
        TicketTraining training = TicketProblems.Descent();
        TicketRound[] rounds = TicketProblems.Follow(training, new TicketOptions { Rounds = 3, Share = 0.3 });

        rounds.Select(round => round.Size).ShouldBe([12, 8, 6, 4]);
        for (int i = 1; i < rounds.Length; i++)
        {
            TicketRun before = rounds[i - 1].Runs[0], ticket = rounds[i].Runs[0];
            int[] expected = [.. before.Units.Select((unit, row) => (unit, Size: before.Network.LogNormProduct(row))).OrderByDescending(pair => pair.Size).Take(rounds[i].Size).Select(pair => pair.unit).Order()];
            rounds[i].Survivors.ShouldBe(expected);
            ticket.Network.Width.ShouldBe(rounds[i].Size);
            rounds[i].Neurons.ShouldBe(rounds[i].Size);
            foreach (TicketRun run in rounds[i].Runs.Where(run => run.Arm is TicketArm.Ticket or TicketArm.RandomSubset or TicketArm.Predicted))
            {
                ShouldHaveRowsOf(run, training.Problem.Start);
            }
        }
    }

    [Fact]
    public void Follow_Controls_AreWhatTheySay()
    {
        TicketTraining training = TicketProblems.Descent();
        TicketRound round = TicketProblems.Follow(training, new TicketOptions { Rounds = 1, Share = 0.5, LateTime = 1.05 })[1];

        round.Runs.Select(run => run.Arm).ShouldBe([TicketArm.Ticket, TicketArm.Reinitialised, TicketArm.RandomSubset, TicketArm.LateRewinding, TicketArm.Predicted]);
        round.Runs.ShouldAllBe(run => run.Units.Count == 6 && run.Start.Width == 6);
        round.ChanceOverlap.ShouldBe(0.5);

        // Re-initialised: the same neurons, other weights of the same law; balanced, with the deviation of the full width.
        TicketRun ticket = round.Runs[0], drawn = round.Runs[1];
        drawn.Units.ShouldBe(ticket.Units);
        FlowProblems.RelativeDistance(drawn.Start, ticket.Start).ShouldBeGreaterThan(0.5);
        Math.Exp(drawn.Start.LogNormProduct(0)).ShouldBeInRange(0.01, 1);

        // Late: the last of the points 0, 0.3, 0.6, 0.9, … at or before the time asked for, and the rest of the 60 steps from there.
        Trajectory full = training.Law(null).Follow(training.Problem, training.Stop, training.Saves);
        TicketRun late = round.Runs[3];
        ShouldHaveRowsOf(late, full.Points[3].Network);
        full.Points[3].Time.ShouldBe(0.9, 1e-12);
        Trajectory rest = training.Law(null).Follow(new TrainingProblem(training.Problem.Data, late.Start, training.Problem.Loss), new StopRule { Steps = 42 }, SaveTimes.EndsOnly);
        late.Loss.ShouldBe(rest.End.Loss);
    }

    [Fact]
    public void Follow_RandomSubsets_DifferFromTicketAndRoundToRound()
    {
        TicketRound[] rounds = TicketProblems.Follow(TicketProblems.Descent(), new TicketOptions { Rounds = 4, Share = 0.2 });
        int[][] subsets = [.. rounds.Skip(1).Select(round => round.Runs.Single(run => run.Arm == TicketArm.RandomSubset).Units.ToArray())];
        rounds.Skip(1).Zip(subsets).Count(pair => !pair.First.Survivors.SequenceEqual(pair.Second)).ShouldBeGreaterThan(2);
        subsets.Skip(1).Count(subset => !subset.All(subsets[0].Contains)).ShouldBeGreaterThan(0);
        int[] Subset(ulong seed) => [.. TicketProblems.Follow(TicketProblems.Descent(), new TicketOptions { Rounds = 1, Seed = seed })[1].Runs[2].Units];
        Subset(1).ShouldBe(Subset(1));
        Subset(1).ShouldNotBe(Subset(2));
    }

    [Fact]
    public void Follow_RewindTime_StartsTicketAndControlsThere()
    {
        TicketTraining training = TicketProblems.Descent();
        Trajectory full = training.Law(null).Follow(training.Problem, training.Stop, training.Saves);
        TicketRound round = TicketProblems.Follow(training, new TicketOptions { Rounds = 1, RewindTime = 0.6 })[1];
        foreach (TicketRun run in round.Runs.Where(run => run.Arm is TicketArm.Ticket or TicketArm.RandomSubset or TicketArm.Predicted))
        {
            ShouldHaveRowsOf(run, full.Points[2].Network);
        }
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_Weights_StayZeroOncePruned(string law)
    {
        TicketTraining training = TicketProblems.Descent(law);
        TicketRound[] rounds = TicketProblems.Follow(training, new TicketOptions { Unit = TicketUnit.Weight, Rounds = 5, Share = 0.4 });
        double[] start = Stored(training.Problem.Start);

        foreach (TicketRun run in rounds.SelectMany(round => round.Runs))
        {
            double[] from = Stored(run.Start), to = Stored(run.Network);
            var kept = run.Units.ToHashSet();
            for (int unit = 0; unit < to.Length; unit++)
            {
                (from[unit] == 0).ShouldBe(!kept.Contains(unit));
                (kept.Contains(unit) || to[unit] == 0).ShouldBeTrue();
                if (run.Arm == TicketArm.Ticket && kept.Contains(unit))
                {
                    from[unit].ShouldBe(start[unit], 4 * Normalised * Math.Abs(start[unit]));
                }
            }
        }

        for (int i = 1; i < rounds.Length; i++)
        {
            rounds[i].Survivors.ShouldBeSubsetOf(rounds[i - 1].Survivors);
        }
    }

    [PythonFact]
    public void Follow_Weights_AgreeWithNumPy()
    {
        TicketTraining training = TicketProblems.Descent(steps: 200);
        TicketRound[] rounds = TicketProblems.Follow(training, new TicketOptions { Unit = TicketUnit.Weight, Rounds = 7, Share = 0.3 });
        double[] weights = Stored(training.Problem.Start);
        Dataset data = training.Problem.Data;
        JsonElement answer = PythonOracle.Ask("ticket_rounds.py", new
        {
            X = Enumerable.Range(0, data.Samples).Select(k => data.Inputs.Row(k).ToArray()),
            y = data.Targets.Values.ToArray(),
            W = weights.Take(TicketProblems.Width * TicketProblems.Inputs).Chunk(TicketProblems.Inputs),
            a = weights.Skip(TicketProblems.Width * TicketProblems.Inputs),
            step = 0.05,
            steps = 200,
            share = 0.3,
            rounds = 7,
        });

        rounds.Length.ShouldBe(8);
        foreach ((TicketRound round, JsonElement expected) in rounds.Zip(answer.EnumerateArray()))
        {
            round.Survivors.ShouldBe(expected.GetProperty("kept").EnumerateArray().Select(unit => unit.GetInt32()));
            round.Runs[0].Loss.ShouldBe(expected.GetProperty("loss").GetDouble(), OracleRounding);
        }
    }

    [Theory]
    [InlineData(TicketUnit.Neuron)]
    [InlineData(TicketUnit.Weight)]
    public void Follow_OneThreadOrTwo_HasTheSameBits(TicketUnit unit)
    {
        // Over two million multiplications a pass, so that a second thread is taken.
        TicketTraining Large(int threads) => new()
        {
            Problem = new TrainingProblem(FlowProblems.RandomData(260, 90, 1, 5), FlowProblems.RandomNetwork(96, 90, 1, 1, 3), Loss.Squared),
            Law = mask => new GradientDescent(new GradientDescentOptions { Step = 0.01, Mask = mask, MaximumThreads = threads }),
            Stop = new StopRule { Steps = 4 },
            Redraw = seed => FlowProblems.RandomNetwork(96, 90, 1, 1, seed),
        };
        string Numbers(int threads) => string.Join('\n', TicketProblems.Follow(Large(threads), new TicketOptions { Unit = unit, Rounds = 2 })
            .SelectMany(round => round.Runs.Select(run => $"{run.Arm} {run.Loss:R} {string.Join(' ', run.Units)} {string.Join(' ', FlowProblems.TrueWeights(run.Network).Take(50))}")));
        Numbers(2).ShouldBe(Numbers(1));
    }

    [Fact]
    public void Sizes_AnyShareAndWidth_FollowTheRuleDownToOne() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Gen.Choose(1, 999_999).ToArbitrary(), draw =>
        {
            (int width, double share, int rounds) = (1 + (draw % 97), (1 + (draw % 991)) / 1000.0, 1 + (draw % 13));
            ReluNetwork start = FlowProblems.RandomNetwork(width, 2, 1, 1, (ulong)draw);
            var training = new TicketTraining { Problem = new TrainingProblem(FlowProblems.RandomData(2, 2, 1, 1), start, Loss.Squared), Law = _ => new GradientDescent(new GradientDescentOptions { Step = 0.1 }), Stop = new StopRule { Steps = 1 } };
            IReadOnlyList<int> sizes = new TicketSearch(training, new TicketOptions { Rounds = rounds, Share = share }).Sizes;
            sizes[0].ShouldBe(width);
            sizes.Count.ShouldBeLessThanOrEqualTo(rounds + 1);
            (sizes.Count == rounds + 1 || sizes[^1] == 1).ShouldBeTrue();
            for (int i = 1; i < sizes.Count; i++)
            {
                int pruned = sizes[i - 1] - sizes[i];
                sizes[i].ShouldBeGreaterThanOrEqualTo(1);
                pruned.ShouldBeGreaterThanOrEqualTo(1);
                (Math.Abs(pruned - (share * sizes[i - 1])) <= 0.5 || pruned == 1 || sizes[i] == 1).ShouldBeTrue();
            }
        }));

    [Fact]
    public void Follow_StartThatWasNotDrawn_HasNoReinitialisedArm()
    {
        TicketRound[] with = TicketProblems.Follow(TicketProblems.Descent(), new TicketOptions { Rounds = 2 });
        TicketRound[] without = TicketProblems.Follow(TicketProblems.Descent() with { Redraw = null }, new TicketOptions { Rounds = 2 });
        without[1].Runs.ShouldNotContain(run => run.Arm == TicketArm.Reinitialised);
        without[2].Runs.Select(run => run.Loss).ShouldBe(with[2].Runs.Where(run => run.Arm != TicketArm.Reinitialised).Select(run => run.Loss));
    }

    [Fact]
    public void Follow_Cancelled_GivesTheRoundsThatWereComplete()
    {
        using var cancellation = new CancellationTokenSource();
        var given = new List<TicketRound>();
        foreach (TicketRound round in new TicketSearch(TicketProblems.Descent()).Follow(null, cancellation.Token))
        {
            given.Add(round);
            if (round.Round == 2)
            {
                cancellation.Cancel();
            }
        }

        given.Select(round => round.Round).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Follow_LossThatOverflows_EndsWithTheFailedRun()
    {
        TicketTraining training = TicketProblems.Descent() with { Law = _ => new GradientDescent(new GradientDescentOptions { Step = 1e200 }) };
        TicketRound only = TicketProblems.Follow(training).ShouldHaveSingleItem();
        only.Runs[0].HasFailed.ShouldBeTrue();
        only.Runs[0].Message!.ShouldContain("step size");
    }

    [Fact]
    public void Options_OutsideTheirRange_AreRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new TicketOptions { Share = 1 }).Message.ShouldContain("The Share is 1; a number in (0, 1)");
        Should.Throw<ArgumentOutOfRangeException>(() => new TicketOptions { Rounds = 0 }).Message.ShouldContain("The Rounds is 0");
        Should.Throw<ArgumentOutOfRangeException>(() => new TicketOptions { RewindTime = -1 }).Message.ShouldContain("RewindTime");
        Should.Throw<ArgumentOutOfRangeException>(() => new TicketOptions { LateTime = double.NaN }).Message.ShouldContain("LateTime");
    }

    private static void ShouldHaveRowsOf(TicketRun run, ReluNetwork full)
    {
        for (int row = 0; row < run.Units.Count; row++)
        {
            int j = run.Units[row];
            run.Start.InputWeights.Row(row).ToArray().ShouldBe(full.InputWeights.Row(j).ToArray());
            run.Start.OutputWeights.Row(row).ToArray().ShouldBe(full.OutputWeights.Row(j).ToArray());
            run.Start.LogScales[row].ShouldBe(full.LogScales[j]);
        }
    }

    // True weights, W and then A.
    private static double[] Stored(ReluNetwork network)
    {
        double[][] rows = [.. FlowProblems.TrueWeights(network).Chunk(network.InputDimension + network.OutputDimension)];
        return [.. rows.SelectMany(row => row.Take(network.InputDimension)), .. rows.SelectMany(row => row.Skip(network.InputDimension))];
    }
}
