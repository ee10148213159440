using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Descents of some weights only: which stay zero, what a run of them is equal to, and what is refused.</summary>
public sealed class MaskedDescentTests
{
    private const int Width = 40, Inputs = 5, Outputs = 2;

    // Sums with or without terms that are zero, over some hundred steps on a problem of order one.
    private const double Rounding = 1e-11;

    private static readonly StopRule Stop = new() { Steps = 200 };

    private static readonly TrainingProblem Problem =
        new(FlowProblems.RandomData(13, Inputs, Outputs, 3), FlowProblems.RandomNetwork(Width, Inputs, Outputs, 1, 5), Loss.Squared);

    public static TheoryData<string> Laws => new("full", "batches", "momentum", "adam");

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_Mask_HoldsWeightsAtExactlyZeroInEveryPoint(string law)
    {
        WeightMask mask = Draw(0.6);
        Trajectory run = Law(law, mask).Follow(Problem, Stop, SaveTimes.At(0.5, 1));
        run.Points.Count.ShouldBe(4);
        foreach (ReluNetwork network in run.Points.Select(point => point.Network))
        {
            Zeros(network.InputWeights).ShouldBe(mask.InputWeights.ToArray().Select(kept => !kept));
            Zeros(network.OutputWeights).ShouldBe(mask.OutputWeights.ToArray().Select(kept => !kept));
        }

        double[] before = FlowProblems.TrueWeights(run.Points[0].Network), expected = FlowProblems.TrueWeights(Problem.Start);
        for (int i = 0; i < before.Length; i++)
        {
            before[i].ShouldBe(before[i] == 0 ? 0 : expected[i], 1e-15 * Math.Abs(expected[i]));
        }

        var expectedPattern = ActivationPattern.Of(run.End.Network, Problem.Data.Inputs);
        for (int j = 0; j < Width; j++)
        {
            run.Pattern.Row(j).ToArray().ShouldBe(expectedPattern.Row(j).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_MaskOfWholeNeurons_IsTheDescentOfTheOthers(string law)
    {
        // Neurons 0, 3, 6, … without any weight: they add nothing and the narrower network does the same steps.
        bool[] kept = [.. Enumerable.Range(0, Width).Select(j => j % 3 != 0)];
        bool[] Entries(int columns) => [.. kept.SelectMany(isKept => Enumerable.Repeat(isKept, columns))];
        Trajectory masked = Law(law, new WeightMask(Width, Entries(Inputs), Entries(Outputs))).Follow(Problem, Stop, SaveTimes.EndsOnly);

        int[] rows = [.. Enumerable.Range(0, Width).Where(j => kept[j])];
        ReluNetwork narrow = ReluNetwork.FromScaledWeights(Problem.Start.InputWeights.SelectRows(rows), Problem.Start.OutputWeights.SelectRows(rows), [.. rows.Select(j => Problem.Start.LogScales[j])]);
        Trajectory expected = Law(law, null).Follow(new TrainingProblem(Problem.Data, narrow, Problem.Loss), Stop, SaveTimes.EndsOnly);
        double[] weights = [.. FlowProblems.TrueWeights(masked.End.Network).Chunk(Inputs + Outputs).Where((_, j) => kept[j]).SelectMany(row => row)];
        FlowProblems.RelativeDistance(weights, FlowProblems.TrueWeights(expected.End.Network)).ShouldBeLessThan(Rounding);
        masked.GradientNorm.ShouldBe(expected.GradientNorm, Rounding);
        masked.Events.Count.ShouldBe(expected.Events.Count);
    }

    [Theory]
    [MemberData(nameof(Laws))]
    public void Follow_MaskThatKeepsAll_ChangesNoBit(string law)
    {
        double[] Weights(WeightMask? mask) => FlowProblems.TrueWeights(Law(law, mask).Follow(Problem, Stop, SaveTimes.EndsOnly).End.Network);
        Weights(Draw(1)).ShouldBe(Weights(null));
    }

    [Fact]
    public void Follow_MaskOnOrthogonalInputs_OpensGatesThatWouldStayClosed()
    {
        // x₁ ⊥ x₂, but not on the first two coordinates, where the first sample pulls ⟨w, x₂⟩ up through zero.
        var data = new Dataset(Matrix.FromRows([2, 1, 1], [1, -1, -1]), Matrix.Column(5, 0), "orthogonal", "test");
        var problem = new TrainingProblem(data, ReluNetwork.FromWeights(Matrix.FromRows([0.1, 0.3, 0.1]), Matrix.Column(0.5)), Loss.Squared);
        Trajectory Follow(WeightMask? mask) => new GradientDescent(new GradientDescentOptions { Step = 0.01, Mask = mask }).Follow(problem, new StopRule { Steps = 40 }, SaveTimes.EndsOnly);
        Follow(null).Events.ShouldBeEmpty();
        GateEvent opened = Follow(new WeightMask(1, [true, true, false], [true])).Events.ShouldHaveSingleItem();
        (opened.Sample, opened.Kind).ShouldBe((1, GateEventKind.Activated));
    }

    [Fact]
    public void Follow_MaskOfAnotherShape_IsRefused()
    {
        var mask = new WeightMask(Width, new bool[Width * (Inputs + 1)], new bool[Width * Outputs]);
        Should.Throw<ArgumentException>(() => Law("full", mask).Follow(Problem, Stop, SaveTimes.EndsOnly)).Message.ShouldContain("6 inputs");
        Should.Throw<ArgumentException>(() => Law("adam", mask).Follow(Problem, Stop, SaveTimes.EndsOnly)).Message.ShouldContain("the network has 40, 5 and 2");
    }

    private static IDynamics Law(string name, WeightMask? mask) => name switch
    {
        "full" => new GradientDescent(new GradientDescentOptions { Step = 0.05, Mask = mask }),
        "batches" => new GradientDescent(new GradientDescentOptions { Step = 0.05, Batch = 4, Mask = mask }),
        "momentum" => new GradientDescent(new GradientDescentOptions { Step = 0.02, Batch = 4, Momentum = 0.9, Mask = mask }),
        _ => new Adam(new AdamOptions { Step = 0.01, Batch = 4, Mask = mask }),
    };

    private static WeightMask Draw(double share)
    {
        var stream = new RandomStream(17);
        bool[] Entries(int columns) => [.. Enumerable.Range(0, Width * columns).Select(_ => stream.NextUniform() < share)];
        return new WeightMask(Width, Entries(Inputs), Entries(Outputs));
    }

    private static IEnumerable<bool> Zeros(Matrix weights) => weights.Values.ToArray().Select(value => value == 0);
}
