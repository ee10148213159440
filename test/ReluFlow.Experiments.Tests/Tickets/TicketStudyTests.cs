using System.Text.Json;
using ReluFlow.Capacity.Tickets;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Tests.Runs;
using ReluFlow.Experiments.Tickets;

namespace ReluFlow.Experiments.Tests.Tickets;

/// <summary>Studies of lottery tickets: seeds and their spread, files, and how they end.</summary>
public sealed class TicketStudyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_SeveralSeeds_SpreadsTheirNumbers()
    {
        TicketSummary summary = TicketStudy.Of(ToyExperiment.Resolve(), Request()).Summary;

        summary.Status.ShouldBe(TicketSummary.Complete);
        summary.Seeds.ShouldBe([3UL, 4UL]);
        summary.Sizes.Select(size => size.Size).ShouldBe([5, 3, 2]);
        TicketArmSpread ticket = summary.Sizes[1].Arms[0];
        double[] losses = [.. summary.Results.Where(round => round.Round == 1).Select(round => round.Arms[0].Loss)];
        losses.Length.ShouldBe(2);
        ticket.Loss.ShouldBe(new Spread(losses.Average(), losses.Min(), losses.Max()));
        losses[0].ShouldNotBe(losses[1]);
        summary.Sizes[1].Arms.Select(arm => arm.Arm).ShouldBe(["ticket", "reinitialised", "random-subset", "late-rewinding", "predicted"]);
        summary.Results.ShouldAllBe(round => round.Precision == round.Recall);
    }

    [Fact]
    public void Of_FullNetwork_IsTheRunOfTheExperiment()
    {
        RunResult run = ToyExperiment.Run(_folder["run"]);
        TicketSummary summary = TicketStudy.Of(ToyExperiment.Resolve(), Request() with { Seeds = 1 }).Summary;
        TicketArmResult full = summary.Results[0].Arms.ShouldHaveSingleItem();
        full.Loss.ShouldBe(run.Summary.Loss);
        full.Accuracy.ShouldBe(run.Summary.Accuracy);
        summary.Hash.ShouldBe(run.Summary.Hash);
    }

    [Fact]
    public void Of_SecondSeed_IsTheStudyThatBeginsThere()
    {
        TicketSummary both = TicketStudy.Of(ToyExperiment.Resolve(), Request()).Summary;
        TicketSummary second = TicketStudy.Of(ToyExperiment.Resolve("initial.seed=4"), Request() with { Seeds = 1 }).Summary;
        Text(both.Results.Where(round => round.Seed == 4)).ShouldBe(Text(second.Results));

        static string Text(IEnumerable<TicketRoundResult> rounds) => JsonSerializer.Serialize(rounds);
    }

    [Fact]
    public void Of_HeldOutData_AreMeasured()
    {
        Experiment experiment = ToyExperiment.Resolve("data={ source: builtin, name: digits, classes: [3, 8], samples: 30, seed: 1 }", "network.width=8", "stop.time=2");
        TicketArmSpread arm = TicketStudy.Of(experiment, Request() with { Seeds = 1 }).Summary.Sizes[1].Arms[0];
        arm.HeldOutLoss.ShouldNotBeNull();
        arm.HeldOutAccuracy!.Mean.ShouldBeInRange(0, 1);
    }

    [Fact]
    public void Write_Study_IsThereWhole()
    {
        TicketStudy study = TicketStudy.Of(ToyExperiment.Resolve(), Request());
        TicketDirectory.Write(_folder["out"], study);

        Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["experiment.yaml", "ticket.csv", "ticket.json", "units.csv"]);
        JsonDocument.Parse(File.ReadAllText(_folder["out/ticket.json"])).RootElement.GetProperty("sizes")[1].GetProperty("size").GetInt32().ShouldBe(3);

        // Two seeds with one full network and twice five arms each.
        File.ReadAllLines(_folder["out/ticket.csv"]).Length.ShouldBe(1 + (2 * 11));
        string[] units = File.ReadAllLines(_folder["out/units.csv"]);
        units.Length.ShouldBe(1 + (2 * 5));
        units.Skip(1).Count(line => line.Split(',')[2] == "2").ShouldBe(2 * 2);
        SpecFile.Read(_folder["out/experiment.yaml"], []).Name.ShouldBe("toy");
        Should.Throw<InputException>(() => TicketDirectory.RequireUsable(_folder["out"], replace: false)).Message.ShouldContain("--force");
        TicketDirectory.RequireUsable(_folder["out"], replace: true);
    }

    [Fact]
    public void Of_Cancelled_KeepsCompleteRounds()
    {
        using var cancellation = new CancellationTokenSource();
        var observer = new CancelAtRound(2, cancellation);
        TicketSummary summary = TicketStudy.Of(ToyExperiment.Resolve(), Request(), (_, _) => observer, cancellation.Token).Summary;
        summary.Status.ShouldBe("interrupted");
        summary.Results.Select(round => round.Round).ShouldBe([0, 1]);
        summary.Seeds.Count.ShouldBe(2);
    }

    [Fact]
    public void Of_StepTooLarge_FailsAndSaysWhere()
    {
        TicketSummary summary = TicketStudy.Of(ToyExperiment.Resolve("dynamics.step=1e200", "stop={ steps: 9 }", "save={ times: [1] }"), Request()).Summary;
        summary.Status.ShouldBe("failed");
        summary.Message!.ShouldContain("seed 3, 5 units, ticket:");
    }

    [Fact]
    public void RequireFits_WhatCannotBe_IsSaid()
    {
        string Told(TicketRequest request, params string[] overrides) => Should.Throw<InputException>(() => request.RequireFits(ToyExperiment.Spec(overrides))).Message;
        Told(new TicketRequest { Options = new TicketOptions { Unit = TicketUnit.Weight } }, "dynamics={ method: gradient-flow }").ShouldContain("dynamics.method is gradient-flow");
        Told(new TicketRequest { Options = new TicketOptions { RewindTime = 20 } }).ShouldContain("the rewinding time is 20; one before the end of training at 20");
        Told(new TicketRequest { Options = new TicketOptions { LateTime = 21 } }).ShouldContain("the late time is 21");
        Told(new TicketRequest { Seeds = 2 }, "initial={ scheme: file, path: start.npz }").ShouldContain("1 is expected");
    }

    private static TicketRequest Request() => new() { Options = new TicketOptions { Rounds = 2, Share = 0.4 }, Seeds = 2, Threads = 1 };

    private sealed class CancelAtRound(int round, CancellationTokenSource cancellation) : ITicketObserver
    {
        public void Begins(int at, int size, TicketArm arm)
        {
            if (at == round)
            {
                cancellation.Cancel();
            }
        }

        public void Accepted(in Flows.ProgressPoint point)
        {
        }
    }
}
