using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Data;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Descents;

/// <summary>MNIST test images, a network of 1,000 neurons, a loss, a batch and a step.</summary>
/// <param name="Training">Data, start, loss.</param>
/// <param name="Batch">Samples of a step; null for all.</param>
/// <param name="Step">s.</param>
internal sealed record DescentProblem(TrainingProblem Training, int? Batch, double Step)
{
    private const int Width = 1000;

    /// <summary>What the row of the table says.</summary>
    public string Title => $"{Training.Loss.Name}, {(Batch is int batch ? $"batch {batch}" : $"all {Training.Data.Samples:N0}")}";

    /// <summary>Floating-point operations of a step: forward and backward through both layers, 4 n m (d + c), and n m c more for the gradient that the hidden layer gets.</summary>
    public double Operations => (4.0 * Samples * Width * Training.Data.InputDimension) + (6.0 * Samples * Width * Training.Data.OutputDimension);

    private int Samples => Batch ?? Training.Data.Samples;

    /// <summary>The problems: ten classes by cross-entropy and even against odd ones by squares, each full and by 64.</summary>
    /// <param name="imagesPath">An IDX file of images whose labels lie beside it; null for as many normal vectors with labels in turn, on which a step costs the same.</param>
    public static IReadOnlyList<DescentProblem> On(string? imagesPath)
    {
        (Matrix inputs, int[] labels) = imagesPath is null ? Drawn() : Images(imagesPath);
        var classes = new Dataset(inputs, OneHot.Of(labels, 10), "classes", imagesPath ?? "drawn");
        var parity = new Dataset(inputs, Matrix.Column([.. labels.Select(label => label % 2 == 0 ? 1.0 : -1)]), "parity", imagesPath ?? "drawn");
        TrainingProblem ten = new(classes, Start(classes), Loss.CrossEntropy), two = new(parity, Start(parity), Loss.Squared);
        return [new(ten, 64, 0.1), new(ten, null, 0.1), new(two, 64, 0.02), new(two, null, 0.02)];
    }

    /// <summary>The law at so many threads.</summary>
    public GradientDescent Law(int threads) => new(new GradientDescentOptions { Step = Step, Batch = Batch, MaximumThreads = threads });

    /// <summary>Writes data and start as NPZ.</summary>
    public void Write(string path)
    {
        ReluNetwork start = Training.Start;
        Dataset data = Training.Data;
        double[] scales = [.. start.LogScales.ToArray().Select(Math.Exp)];
        NpyArray True(Matrix weights) => NpyArray.Of([weights.Rows, weights.Columns], [.. weights.Values.ToArray().Select((value, i) => value * scales[i / weights.Columns])]);
        var arrays = new Dictionary<string, NpyArray>
        {
            ["X"] = NpyArray.Of([data.Samples, data.InputDimension], data.Inputs.Values.ToArray()),
            ["Y"] = NpyArray.Of([data.Samples, data.OutputDimension], data.Targets.Values.ToArray()),
            ["labels"] = NpyArray.Of([data.Samples], [.. Enumerable.Range(0, data.Samples).Select(k => (double)OneHot.ClassOf(data.Targets.Row(k)))]),
            ["W"] = True(start.InputWeights),
            ["a"] = True(start.OutputWeights),
        };
        using FileStream file = File.Create(path);
        NpzFile.Write(file, arrays);
    }

    private static (Matrix Inputs, int[] Labels) Images(string path)
    {
        Dataset digits = DataSource.Load(new DataSpec { Source = "file", Path = path }).Training;
        return (digits.Inputs, [.. digits.Targets.Values.ToArray().Select(y => (int)y)]);
    }

    private static (Matrix Inputs, int[] Labels) Drawn()
    {
        const int samples = 10_000, pixels = 784;
        var stream = new RandomStream(2);
        double[] values = [.. Enumerable.Range(0, samples * pixels).Select(_ => stream.NextNormal() / 4)];
        return (Matrix.TakeOwnership(samples, pixels, values), [.. Enumerable.Range(0, samples).Select(k => k % 10)]);
    }

    // Normal weights of deviation 1/√d and 1/√m.
    private static ReluNetwork Start(Dataset data)
    {
        var stream = new RandomStream(1);
        double[] Draw(int columns, int fan) => [.. Enumerable.Range(0, Width * columns).Select(_ => stream.NextNormal() / Math.Sqrt(fan))];
        return ReluNetwork.FromWeights(
            Matrix.TakeOwnership(Width, data.InputDimension, Draw(data.InputDimension, data.InputDimension)),
            Matrix.TakeOwnership(Width, data.OutputDimension, Draw(data.OutputDimension, Width)));
    }
}
