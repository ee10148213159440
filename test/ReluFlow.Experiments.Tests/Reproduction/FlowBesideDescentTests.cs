using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Experiments.Tests.Runs;

namespace ReluFlow.Experiments.Tests.Reproduction;

public sealed class FlowBesideDescentTests : IDisposable
{
    private const double FlowTolerance = 1e-9;

    // Euler's error is c s + O(s²): with steps of 0.02 and 0.01 the second term is some percent of the first.
    private const double FirstOrder = 0.1;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FlowBesideDescent_HalfTheStep_PartsByHalfAsMuch()
    {
        FlowBesideDescent whole = Beside("dynamics.step=0.02", "save.count=201"), half = Beside("dynamics.step=0.01", "save.count=201");

        (Measured(whole, "beside.lag") / Measured(half, "beside.lag")).ShouldBe(2, 2 * FirstOrder);
        (whole.Outputs.Largest / half.Outputs.Largest).ShouldBe(2, 2 * FirstOrder);
        (whole.Loss.Largest / half.Loss.Largest).ShouldBe(2, 2 * FirstOrder);
    }

    [Fact]
    public void FlowBesideDescent_Numbers_AreThoseOfTheTwoRuns()
    {
        FlowBesideDescent beside = Beside();

        beside.Flow.Summary.Time.ShouldBe(beside.Descent.Summary.Time);
        beside.Flow.Trajectory.Points.Select(point => point.Time).ShouldBe(beside.Descent.Trajectory.Points.Select(point => point.Time));
        beside.Flow.Trajectory.Start.Loss.ShouldBe(beside.Descent.Trajectory.Start.Loss, 1e-15);
        beside.Loss.End.ShouldBe(Math.Abs(beside.Flow.Summary.Loss - beside.Descent.Summary.Loss) / Math.Max(beside.Flow.Summary.Loss, beside.Descent.Summary.Loss), 1e-15);
        Measured(beside, "flow.loss").ShouldBe(beside.Flow.Summary.Loss);
        beside.Rows.Single(row => row.Label == "final loss L").ShouldBe(new BesideRow("final loss L", beside.Descent.Summary.Loss, beside.Flow.Summary.Loss));
    }

    [Fact]
    public void FlowBesideDescent_NeuronsThatSlide_ChatterInDescent()
    {
        // Two samples on one side of the origin whose targets pull neurons onto the boundary of one of them.
        string data = _folder.Write("slide.csv", "1,0.5\n-1,0.6\n0.2,-2\n");
        FlowBesideDescent beside = Beside($"data={{source: file, path: {data}}}", "network.width=40", "initial.seed=1", "dynamics.step=0.01", "stop.time=30");

        beside.Flow.Summary.Events.Slides.ShouldBePositive();
        beside.Chattering.ShouldBePositive();
        beside.ChatteringWhereFlowSlides.ShouldBe(beside.Chattering);
        beside.InWords.ShouldContain(sentence => sentence.StartsWith($"Descent crosses {beside.Chattering} boundaries"));
    }

    [Fact]
    public void FlowBesideDescent_RunsWithoutCommonTimes_IsMisuse()
    {
        RunResult run = ToyExperiment.Run(_folder["a"]);
        RunResult other = run with { Trajectory = run.Trajectory with { Points = [run.Trajectory.End with { Time = 1e9 }] } };

        Should.Throw<ArgumentException>(() => new FlowBesideDescent(run, other)).Message.ShouldContain("no kept times in common");
    }

    [Fact]
    public void SpecOf_ADescent_HasItsDataStartAndTimes()
    {
        RunResult descent = ToyExperiment.Run(_folder["descent"]);

        ExperimentSpec spec = FlowBesideDescent.SpecOf(descent, 1e-4);

        spec.ShouldBe(descent.Experiment.Spec with
        {
            Name = "toy-flow",
            Dynamics = new GradientFlowSpec { Tolerance = 1e-4 },
            Stop = new StopSpec { Time = 20, Loss = 0 },
            Save = new SaveSpec { Times = [.. descent.Trajectory.Points.Select(point => point.Time)] },
        });
    }

    private static double Measured(FlowBesideDescent beside, string name) => beside.Quantities.Single(quantity => quantity.Name == name).Measured.ShouldNotBeNull();

    private FlowBesideDescent Beside(params string[] overrides)
    {
        RunResult descent = ToyExperiment.Run(_folder[Guid.NewGuid().ToString("N")], overrides);
        var flow = Experiment.Resolve(FlowBesideDescent.SpecOf(descent, FlowTolerance), _folder.Path);
        return new FlowBesideDescent(descent, ToyExperiment.Run(flow, new RunOptions { OutputDirectory = _folder[Guid.NewGuid().ToString("N")] }));
    }
}
