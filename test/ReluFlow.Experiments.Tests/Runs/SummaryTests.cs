using System.Text.Json;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Runs;

public sealed class SummaryTests
{
    private static readonly string[] KeysOfAnyRun =
        ["schema", "version", "build", "experiment", "hash", "status", "time", "time_convention", "loss", "gradient_norm", "squared_norm", "variation_norm",
            "log_gradient_norm", "log_squared_norm", "log_variation_norm", "events", "work", "elapsed_seconds"];

    [Fact]
    public void VariationNormAnalysis_OrthogonalToy_ComparesTheLastNetworkWithTheMinimum()
    {
        using var folder = new TemporaryFolder();

        Summary summary = ToyExperiment.Run(folder["toy"], "analyses=[variation-norm]").Summary;

        // 1/√1.25 + 1/√5 by hand.
        VariationNormBounds bounds = summary.MinimumVariationNorm.ShouldNotBeNull();
        bounds.Primal.ShouldBe(1.3416407864998738, 1e-12);
        bounds.Dual.ShouldBe(1.3416407864998738, 1e-12);
        bounds.Certified.ShouldBeTrue();
        summary.ExcessNorm.ShouldBe((summary.VariationNorm / bounds.Primal) - 1);
        summary.Message.ShouldBeNull();
        summary.ToJson().ShouldContain("\"minimum_variation_norm\": {");
        Summary.FromJson(summary.ToJson(), "summary").MinimumVariationNorm.ShouldBe(bounds);
    }

    [Fact]
    public void VariationNormAnalysis_OfARunFoundFinished_IsAddedToWhatIsShown()
    {
        using var folder = new TemporaryFolder();
        ToyExperiment.Run(folder["toy"]).Summary.MinimumVariationNorm.ShouldBeNull();

        RunResult again = ToyExperiment.Run(folder["toy"], "analyses=[variation-norm]");

        again.FoundFinished.ShouldBeTrue();
        again.Summary.MinimumVariationNorm.ShouldNotBeNull().Certified.ShouldBeTrue();
    }

    [Fact]
    public void VariationNormAnalysis_DataThatContradictEachOther_IsAMessage()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("twice.csv", "1,2\n1,3\n");

        Summary summary = ToyExperiment.Run(folder["toy"], $"data={{source: file, path: {data}}}", "analyses=[variation-norm]").Summary;

        summary.MinimumVariationNorm.ShouldBeNull();
        summary.Message.ShouldNotBeNull().ShouldContain("no network interpolates");
    }

    [Fact]
    public void ToJson_OfAFlow_HasTheKeysOfTheContractAndTheInvariants()
    {
        Experiment flow = ToyExperiment.Resolve("dynamics={}");
        Trajectory trajectory = flow.Dynamics.Follow(flow.Problem, flow.Stop, flow.Saves);
        using JsonDocument json = JsonDocument.Parse(Summary.Of(flow, trajectory, false, TimeSpan.FromSeconds(1.5)).ToJson());
        JsonElement root = json.RootElement;
        root.EnumerateObject().Select(key => key.Name).ShouldBe([.. KeysOfAnyRun, "collective_crossings", "invariants", "accuracy"], ignoreOrder: true);
        root.GetProperty("schema").GetInt32().ShouldBe(1);
        root.GetProperty("status").GetString().ShouldBe("time-reached");
        root.GetProperty("hash").GetString().ShouldBe(flow.Hash);
        root.GetProperty("invariants").EnumerateObject().Select(key => key.Name).ShouldBe(["balancedness_drift", "energy_error"]);
        root.GetProperty("events").EnumerateObject().Select(key => key.Name).ShouldBe(["activated", "deactivated", "slides"]);
        root.GetProperty("work").GetProperty("steps").GetInt64().ShouldBePositive();
        root.GetProperty("loss").GetDouble().ShouldBe(trajectory.End.Loss);
        root.GetProperty("elapsed_seconds").GetDouble().ShouldBe(1.5);
    }

    [Fact]
    public void ToJson_OfADescentOnOtherTargets_LeavesOutInvariantsAndAccuracy()
    {
        Experiment descent = ToyExperiment.Resolve("data.name=nonorthogonal-toy");
        using JsonDocument json = JsonDocument.Parse(Summary.Of(descent, descent.Dynamics.Follow(descent.Problem, descent.Stop, descent.Saves), false, default).ToJson());
        json.RootElement.EnumerateObject().Select(key => key.Name).ShouldBe(KeysOfAnyRun, ignoreOrder: true);
    }

    [Fact]
    public void ToJson_Numbers_HaveSeventeenDigits() => (Example with { Loss = 0.1, Time = 1e-300 / 3 }).ToJson().ShouldSatisfyAllConditions(
        json => json.ShouldContain("\"loss\": 0.10000000000000001,"),
        json => json.ShouldContain("\"time\": 3.3333333333333334E-301,"));

    [Fact]
    public void ToJson_Formulas_AreLegibleAndMarkupIsNot() => (Example with { Message = "<script>" }).ToJson().ShouldSatisfyAllConditions(
        json => json.ShouldContain("Σ ‖f(x_k) − y_k‖²"),
        json => json.ShouldNotContain("<script>"));

    [Fact]
    public void ToJson_NumbersThatAreNotFinite_HaveNoKey()
    {
        Summary summary = Example with
        {
            SquaredNorm = double.PositiveInfinity,
            VariationNorm = double.NaN,
            Invariants = new Invariants(1e-16, double.NaN),
        };
        string json = summary.ToJson();
        json.ShouldNotContain("squared_norm");
        json.ShouldNotContain("variation_norm");
        json.ShouldNotContain("energy_error");
        Summary read = Summary.FromJson(json, "summary.json");
        read.SquaredNorm.ShouldBe(double.NaN);
        read.Invariants.ShouldBe(summary.Invariants);
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(1, double.PositiveInfinity)]
    public void Of_AnEndThatIsNotFinite_IsFailed(double loss, double gradientNorm)
    {
        Experiment experiment = ToyExperiment.Resolve();
        ReluNetwork network = experiment.Problem.Start;
        Summary summary = Summary.Of(experiment, Ended(experiment, network, loss, gradientNorm, SolveStatus.TimeReached), false, default);
        summary.Status.ShouldBe(RunStatus.Failed);
        summary.Message.ShouldBe("the time, the loss or the gradient norm at the end is not finite");
    }

    [Theory]
    [InlineData(SolveStatus.Interpolated, false, "interpolated")]
    [InlineData(SolveStatus.Stationary, true, "stationary")]
    [InlineData(SolveStatus.TimeReached, true, "time-reached")]
    [InlineData(SolveStatus.StepsReached, false, "steps-reached")]
    [InlineData(SolveStatus.Interrupted, true, "wall-reached")]
    [InlineData(SolveStatus.Interrupted, false, "interrupted")]
    [InlineData(SolveStatus.SlidingMet, false, "failed")]
    [InlineData(SolveStatus.Failed, false, "failed")]
    public void Of_EndOfASolve_HasTheStatusOfTheContract(SolveStatus status, bool wallReached, string name)
    {
        Experiment experiment = ToyExperiment.Resolve();
        Summary.Of(experiment, Ended(experiment, experiment.Problem.Start, 1, 1, status), wallReached, default).ToJson().ShouldContain($"\"status\": \"{name}\"");
    }

    [Fact]
    public void Of_GateChanges_CountsEachKind()
    {
        Experiment experiment = ToyExperiment.Resolve();
        Trajectory trajectory = Ended(experiment, experiment.Problem.Start, 1, 1, SolveStatus.TimeReached) with
        {
            Events = [new(0, 0, 0, GateEventKind.Activated), new(1, 0, 0, GateEventKind.SlideEnter), new(2, 0, 0, GateEventKind.SlideExit), new(3, 0, 0, GateEventKind.Deactivated), new(4, 0, 1, GateEventKind.Deactivated)],
            Work = new Dictionary<string, long> { ["steps"] = 1, ["events"] = 5 },
        };
        Summary summary = Summary.Of(experiment, trajectory, false, default);
        summary.Events.ShouldBe(new EventCounts(1, 2, 1));
        summary.Message.ShouldBeNull();
    }

    [Fact]
    public void Of_GateChangesOfADescentThatWereNotKept_CountsThemAll()
    {
        // The whole list is the oracle: with half of it the counts must be the same.
        Experiment descent = ToyExperiment.Resolve("data.name=nonorthogonal-toy", "network.width=20");
        Trajectory whole = descent.Dynamics.Follow(descent.Problem, descent.Stop, descent.Saves);
        whole.Events.Count.ShouldBeGreaterThan(10);
        Trajectory half = whole with { Events = [.. whole.Events.Take(whole.Events.Count / 2)] };

        Summary summary = Summary.Of(descent, half, false, default);

        summary.Events.ShouldBe(Summary.Of(descent, whole, false, default).Events);
        (summary.Events.Activated + summary.Events.Deactivated).ShouldBe(summary.Work["events"]);
        summary.Message.ShouldBe(FormattableString.Invariant($"events.csv holds the first {half.Events.Count:N0} of {whole.Events.Count:N0} gate changes"));
    }

    [Fact]
    public void Of_ANetworkThatUnderflows_HasLogarithmsAndAccuracy()
    {
        // The same network at order one, times e^−2000: the squares of its weights are e^−4000 of what they were, and signs do not change.
        const double Shift = -2000, Rounding = 1e-9;
        Experiment experiment = ToyExperiment.Resolve();
        ReluNetwork tiny = ReluNetwork.FromScaledWeights(Matrix.FromRows([-1, 0], [1, 0]), Matrix.Column(-1, 2), [Shift, Shift]);
        Summary summary = Summary.Of(experiment, Ended(experiment, tiny, 0.5, 0, SolveStatus.TimeReached), false, default);
        summary.SquaredNorm.ShouldBe(0);
        summary.LogSquaredNorm.ShouldBe(Math.Log(7) + (2 * Shift), Rounding);
        summary.LogVariationNorm.ShouldBe(Math.Log(3) + (2 * Shift), Rounding);

        // f = 0: r = y. Neuron 0 is open at x = (−0.5, 1), y = −1, neuron 1 at (2, 1), y = 1; n = 2, so D = (0.25, −0.5) and (1, 0.5).
        double squares = (Square(0.25) + Square(0.5) + Square(0.25)) + (4 * (1 + 0.25)) + 1;
        summary.LogGradientNorm.ShouldBe((0.5 * Math.Log(squares)) + Shift, Rounding);
        summary.Accuracy.ShouldBe(new Accuracy(1));

        static double Square(double x) => x * x;
    }

    [Fact]
    public void Of_TargetsOfPlusMinusOne_HasTheShareOfRightSigns()
    {
        // f(x) = σ(x): right at x = 2 (y = 1), and 0, which has no sign, at x = −0.5 (y = −1).
        Experiment experiment = ToyExperiment.Resolve();
        ReluNetwork network = ReluNetwork.FromWeights(Matrix.FromRows([1, 0]), Matrix.Column(1));
        Summary.Of(experiment, Ended(experiment, network, 1, 1, SolveStatus.TimeReached), false, default).Accuracy.ShouldBe(new Accuracy(0.5));
    }

    [Fact]
    public void FromJson_OfToJson_IsTheSummary() => Summary.FromJson(Example.ToJson(), "summary.json").ToJson().ShouldBe(Example.ToJson());

    [Fact]
    public void FromJson_KeysOfALaterVersion_AreLeftAlone() =>
        Summary.FromJson(Example.ToJson().Replace("\"schema\": 1,", "\"schema\": 1, \"of_a_later_version\": { \"count\": 2 },", StringComparison.Ordinal), "s").Hash.ShouldBe("0123456789ab");

    [Theory]
    [InlineData("", "s.json:1: not a summary: ")]
    [InlineData("null", "s.json: a summary is expected, not null.")]
    [InlineData("{}", "s.json:1: not a summary: ")]
    [InlineData("{\n\"schema\": \"x\"}", "s.json:2: not a summary: ")]
    public void FromJson_SomethingElse_SaysWhere(string json, string begin) => Should.Throw<InputException>(() => Summary.FromJson(json, "s.json")).Message.ShouldStartWith(begin);

    [Fact]
    public void FromJson_AnotherSchema_IsRefused() =>
        Should.Throw<InputException>(() => Summary.FromJson((Example with { Schema = 2 }).ToJson(), "s.json")).Message.ShouldBe("s.json: schema is 2; this version reads 1.");

    [Fact]
    public void FromJson_UnknownStatus_NamesTheKnownOnes() =>
        Should.Throw<InputException>(() => Summary.FromJson(Example.ToJson().Replace("stationary", "done", StringComparison.Ordinal), "s.json")).Message.ShouldContain("one of interpolated, stationary");

    private static Summary Example => new()
    {
        Version = "0.1.0",
        Experiment = "toy",
        Hash = "0123456789ab",
        Status = RunStatus.Stationary,
        Message = "every velocity is zero",
        Time = 1.0 / 3,
        TimeConvention = Loss.Squared.Convention,
        Loss = 2.0 / 3,
        GradientNorm = Math.PI,
        SquaredNorm = Math.E,
        VariationNorm = 1e300,
        Events = new EventCounts(1, 2, 3),
        Invariants = new Invariants(1e-17, 3e-16),
        Accuracy = new Accuracy(0.75, 0.5),
        Work = new Dictionary<string, long> { ["steps"] = 12_345_678_901 },
        ElapsedSeconds = 0.125,
    };

    private static Trajectory Ended(Experiment experiment, ReluNetwork network, double loss, double gradientNorm, SolveStatus status) => new()
    {
        Points = [new TrajectoryPoint(1, loss, network)],
        Events = [],
        Pattern = ActivationPattern.Of(network, experiment.Data.Training.Inputs),
        Status = status,
        GradientNorm = gradientNorm,
        Work = new Dictionary<string, long> { ["steps"] = 1 },
    };
}
