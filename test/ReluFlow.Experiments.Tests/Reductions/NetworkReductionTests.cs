using ReluFlow.Capacity;
using ReluFlow.Experiments.Reductions;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Reductions;

/// <summary>What operations of the command line do, against evaluations from the definition of the network.</summary>
public class NetworkReductionTests
{
    // Another order of the same sums.
    private const double Rounding = 1e-12;

    // The bound counts roundings in the worst case.
    private const double LooseRounding = 1e-9;

    private const int RandomReductions = 100;

    [Fact]
    public void Of_HundredRandomReductions_StayWithinTheirBounds()
    {
        var stream = new RandomStream(7);
        for (int trial = 0; trial < RandomReductions; trial++)
        {
            ReductionSubject subject = ReductionFiles.Subject((ulong)trial, 20 + stream.NextInteger(60));
            ReductionOperation[] operations = ReductionFiles.RandomOperations(stream, subject.Network.Width);

            var reduction = NetworkReduction.Of(subject, operations);

            // The change from the definition, sample by sample.
            Matrix inputs = subject.Data.Training.Inputs;
            double[] before = Evaluate(subject.Network, inputs), after = Evaluate(reduction.Reduction.Network, inputs);
            string text = string.Join(' ', operations.Select(operation => operation.Text));
            double largest = 0;
            for (int k = 0; k < inputs.Rows; k++)
            {
                double change = Norm(before, after, k), norm = Math.Sqrt(inputs.Row(k).ToArray().Sum(value => value * value));
                change.ShouldBeLessThanOrEqualTo(reduction.Summary.Training.Coefficient * norm, text);
                largest = Math.Max(largest, change);
            }

            reduction.Summary.Training.LargestMeasured.ShouldBe(largest, Rounding * (1 + largest), text);
            reduction.Summary.Holds.ShouldBeTrue(text);
        }
    }

    [Fact]
    public void MergeByGate_TrainingData_ChangesNothingThere()
    {
        ReductionSubject subject = ReductionFiles.Subject();
        double[] signs = [.. Enumerable.Range(0, 40).Select(j => j % 2 == 0 ? 1.0 : -1)];
        Dataset data = subject.Data.Training;
        ReductionSubject one = subject with
        {
            Network = ReluNetwork.FromWeights(subject.Network.InputWeights, Matrix.Column(signs)),
            Data = subject.Data with { Training = new Dataset(data.Inputs, Matrix.Column([.. Enumerable.Range(0, data.Samples).Select(k => data.Targets[k, 0])]), data.Name, data.Provenance, hasBias: true) },
        };

        ReductionSummary summary = Reduce(one, "--merge gate").Summary;

        summary.After.Width.ShouldBeLessThan(40);
        summary.Training.LargestMeasured.ShouldBeLessThan(Rounding);
        summary.Training.LargestBound.ShouldBeLessThan(LooseRounding);
    }

    [Fact]
    public void PruneInactive_NeuronsThatSeeNothing_AreGone() => Reduce(ReductionFiles.Subject(), "--prune inactive").Summary.After.Width.ShouldBeLessThanOrEqualTo(36);

    [Theory]
    [InlineData("--prune width=7")]
    [InlineData("--to width=7")]
    public void Width_Asked_IsReached(string operation) => Reduce(ReductionFiles.Subject(), operation).Reduction.Network.Width.ShouldBe(7);

    [Fact]
    public void PruneWidth_KeepsTheStrongest()
    {
        ReductionSubject subject = ReductionFiles.Subject();

        IReadOnlyList<int> kept = [.. Reduce(subject, "--prune width=7").Reduction.Origins.SelectMany(origin => origin)];

        kept.ShouldBe(Enumerable.Range(0, 40).OrderByDescending(subject.Network.LogNormProduct).Take(7), ignoreOrder: true);
    }

    [Fact]
    public void PruneShare_RemovesAsMuchAsItSays()
    {
        ReductionSubject subject = ReductionFiles.Subject();
        double[] products = [.. Enumerable.Range(0, 40).Select(j => Math.Exp(subject.Network.LogNormProduct(j))).Order()];
        double allowed = 0.1 * products.Sum();
        int expected = Enumerable.Range(0, 40).Last(count => products.Take(count).Sum() <= allowed);

        Reduce(subject, "--prune share=0.1").Reduction.Network.Width.ShouldBe(40 - expected);
    }

    [Theory]
    [InlineData("--prune error=0.05", "--prune width=")]
    [InlineData("--to error=0.05", "--to width=")]
    public void Error_Asked_IsKeptAndOneNeuronFewerBreaksIt(string operation, string narrower)
    {
        ReductionSubject subject = ReductionFiles.Subject();
        NetworkReduction reduction = Reduce(subject, operation);
        double allowed = 0.05 * reduction.Summary.RmsOutput;

        reduction.Summary.Training.RmsMeasured.ShouldBeLessThanOrEqualTo(allowed * (1 + Rounding));
        Reduce(subject, FormattableString.Invariant($"{narrower}{reduction.Reduction.Network.Width - 1}")).Summary.Training.RmsMeasured.ShouldBeGreaterThan(allowed);
    }

    [Fact]
    public void Bound_Asked_IsProven()
    {
        ReductionSummary summary = Reduce(ReductionFiles.Subject(), "--to bound=0.05").Summary;

        summary.Training.RmsBound.ShouldBeLessThanOrEqualTo(0.05 * summary.RmsOutput * (1 + Rounding));
        summary.After.Width.ShouldBeLessThan(40);
    }

    [Theory]
    [InlineData("--prune accuracy=")]
    [InlineData("--to accuracy=")]
    public void Accuracy_Asked_IsKept(string operation)
    {
        ReductionSubject subject = ReductionFiles.Subject();
        double own = Accuracy.Of(subject.Network, subject.Data)!.Training, least = own - 0.05;

        ReductionSummary summary = Reduce(subject, operation + FormattableString.Invariant($"{least:R}")).Summary;

        summary.After.Accuracy!.Training.ShouldBeGreaterThanOrEqualTo(least);
        summary.After.Width.ShouldBeLessThan(40);
        Should.Throw<InputException>(() => Reduce(subject, operation + "1")).Message.ShouldStartWith($"{operation}1: the network has 0.");
    }

    [Theory]
    [InlineData("--prune error=1e-6", "error")]
    [InlineData("--to error=1e-6", "error")]
    [InlineData("--prune bound=1e-6", "bound")]
    [InlineData("--to bound=1e-6", "bound")]
    public void Target_MissedBefore_IsRefused(string operation, string name)
    {
        ReductionSubject subject = ReductionFiles.Subject();

        Should.Throw<InputException>(() => Reduce(subject, "--prune width=5", operation)).Message.ShouldStartWith($"{operation}: before this operation the {name} is ");
    }

    [Fact]
    public void Operations_TakeTheirOrder()
    {
        ReductionSubject subject = ReductionFiles.Subject();

        ReductionSummary summary = Reduce(subject, "--prune width=20", "--merge aligned=0.9", "--prune width=5").Summary;

        summary.Stages.Select(stage => stage.Operation).ShouldBe(["--prune width=20", "--merge aligned=0.9", "--prune width=5"]);
        summary.Stages[0].Width.ShouldBe(20);
        summary.Stages[^1].Width.ShouldBe(5);
        summary.Stages.ShouldAllBe(stage => stage.Measured <= stage.Bound);
    }

    [Fact]
    public void EffectiveWidth_GrowsAsTheToleranceFalls()
    {
        IReadOnlyList<EffectiveWidth> curve = Reduce(ReductionFiles.Subject()).Summary.EffectiveWidth;

        curve.Select(point => point.Measured).ShouldBe(curve.Select(point => point.Measured).OrderDescending());
        curve.ShouldAllBe(point => point.Measured <= point.Guaranteed);
    }

    [Theory]
    [InlineData("--merge", "similar")]
    [InlineData("--merge", "aligned=1.1")]
    [InlineData("--merge", "gate=-1")]
    [InlineData("--prune", "share=1")]
    [InlineData("--prune", "width=0")]
    [InlineData("--prune", "width=1.5")]
    [InlineData("--to", "inactive")]
    [InlineData("--to", "error=-1")]
    [InlineData("--to", "accuracy=95")]
    [InlineData("--to", "error=nan")]
    public void Parse_NoOperation_NamesTheForms(string option, string value) =>
        Should.Throw<InputException>(() => ReductionOperation.Parse(option, value)).Message.ShouldStartWith($"{option} is '{value}'; ");

    [Theory]
    [InlineData("--to", "width=0", "width=M with a whole number M ≥ 1 is expected.")]
    [InlineData("--merge", "aligned=2", "aligned=COSINE with a cosine in (0, 1] is expected.")]
    [InlineData("--to", "error=1%", "error=E with a number E ≥ 0 is expected, such as 0.01 for a hundredth.")]
    [InlineData("--to", "share=0.1", "width=M, error=E, bound=E or accuracy=A is expected.")]
    public void Parse_OutOfRange_NamesTheRangeOfThatForm(string option, string value, string expected) =>
        Should.Throw<InputException>(() => ReductionOperation.Parse(option, value)).Message.ShouldBe($"{option} is '{value}'; {expected}");

    [Fact]
    public void Of_Cancelled_Ends() =>
        Should.Throw<OperationCanceledException>(() => NetworkReduction.Of(ReductionFiles.Subject(), [], cancellation: new CancellationToken(canceled: true)));

    private static NetworkReduction Reduce(ReductionSubject subject, params string[] operations) =>
        NetworkReduction.Of(subject, [.. operations.Select(text => ReductionOperation.Parse(text.Split(' ')[0], text.Split(' ')[1]))]);

    private static double[] Evaluate(ReluNetwork network, Matrix inputs)
    {
        var outputs = new double[inputs.Rows * network.OutputDimension];
        for (int k = 0; k < inputs.Rows; k++)
        {
            for (int j = 0; j < network.Width; j++)
            {
                double z = 0;
                for (int i = 0; i < inputs.Columns; i++)
                {
                    z += network.InputWeights[j, i] * inputs[k, i];
                }

                for (int o = 0; o < network.OutputDimension; o++)
                {
                    outputs[(k * network.OutputDimension) + o] += Math.Exp(2 * network.LogScales[j]) * network.OutputWeights[j, o] * Math.Max(0, z);
                }
            }
        }

        return outputs;
    }

    private static double Norm(double[] first, double[] second, int sample)
    {
        double sum = 0;
        for (int o = 0; o < ReductionFiles.Outputs; o++)
        {
            double difference = first[(sample * ReductionFiles.Outputs) + o] - second[(sample * ReductionFiles.Outputs) + o];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }
}
