using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The small problems of the papers, and random ones, that the flow tests share.</summary>
internal static class FlowProblems
{
    /// <summary>x = (−0.5, 2) with a bias, y = (−1, 1): two orthogonal inputs. ‖D₊‖ = 1.118, ‖D₋‖ = 0.559.</summary>
    public static Dataset OrthogonalToyData { get; } = OneDimensional("orthogonal toy", [-0.5, 2], [-1, 1]);

    /// <summary>Five points with a bias on which neurons slide.</summary>
    public static Dataset NonOrthogonalToyData { get; } = OneDimensional("non-orthogonal toy", [-1.5, -1, 0, 0.25, 2], [0.7, -0.3, -0.3, 0.4, 0.2]);

    public static TrainingProblem OrthogonalToy(string scale, ulong seed = 1) => Balanced(OrthogonalToyData, 60, scale, seed);

    public static TrainingProblem NonOrthogonalToy(string scale, ulong seed = 1) => Balanced(NonOrthogonalToyData, 60, scale, seed);

    public static TrainingProblem Balanced(Dataset data, int width, string scale, ulong seed) =>
        new(data, Initialization.Balanced(width, data.InputDimension - (data.HasBias ? 1 : 0), data.HasBias, Scale(scale), seed), Loss.Squared);

    public static LogNumber Scale(string text) => LogNumber.TryParse(text, out LogNumber number) ? number : throw new ArgumentException(text);

    public static Dataset OneDimensional(string name, double[] x, double[] y) =>
        new Dataset(Matrix.Column(x), Matrix.Column(y), name, "test").WithBias();

    /// <summary>n orthogonal inputs of lengths in [0.5, 1.5] in d ≥ n dimensions (Gram–Schmidt of normal vectors), targets of size in [0.5, 1.5].</summary>
    public static Dataset RandomOrthogonal(int samples, int inputs, int outputs, ulong seed)
    {
        // Another stream than the one that draws a network from the same seed: else neurons would start on boundaries.
        var stream = new RandomStream(seed + 1_000_000);
        var rows = new double[samples][];
        for (int k = 0; k < samples; k++)
        {
            double[] x = [.. Enumerable.Range(0, inputs).Select(_ => stream.NextNormal())];

            // Twice is enough for orthogonality to rounding.
            for (int pass = 0; pass < 2; pass++)
            {
                foreach (double[] other in rows[..k])
                {
                    double share = other.Zip(x, (a, b) => a * b).Sum() / other.Sum(a => a * a);
                    x = [.. x.Zip(other, (a, b) => a - (share * b))];
                }
            }

            double length = (0.5 + stream.NextUniform()) / Math.Sqrt(x.Sum(a => a * a));
            rows[k] = [.. x.Select(a => a * length)];
        }

        double[] targets = [.. Enumerable.Range(0, samples * outputs).Select(_ => stream.NextSign() * (0.5 + stream.NextUniform()))];
        return new Dataset(Matrix.FromRows(rows), Matrix.FromValues(samples, outputs, targets), "orthogonal", $"seed {seed}");
    }

    /// <summary>Independent standard normal inputs and targets.</summary>
    public static Dataset RandomData(int samples, int inputs, int outputs, ulong seed)
    {
        var stream = new RandomStream(seed + 1_000_000);
        return new Dataset(
            Matrix.FromValues(samples, inputs, [.. Enumerable.Range(0, samples * inputs).Select(_ => stream.NextNormal())]),
            Matrix.FromValues(samples, outputs, [.. Enumerable.Range(0, samples * outputs).Select(_ => stream.NextNormal())]), "random", $"seed {seed}");
    }

    /// <summary>Independent normal weights of deviation <paramref name="scale"/>/√m in both layers, for any number of outputs.</summary>
    public static ReluNetwork RandomNetwork(int width, int inputs, int outputs, double scale, ulong seed)
    {
        var stream = new RandomStream(seed);
        double deviation = scale / Math.Sqrt(width);
        double[] w = [.. Enumerable.Range(0, width * inputs).Select(_ => deviation * stream.NextNormal())];
        double[] a = [.. Enumerable.Range(0, width * outputs).Select(_ => deviation * stream.NextNormal())];
        return ReluNetwork.FromWeights(Matrix.FromValues(width, inputs, w), Matrix.FromValues(width, outputs, a));
    }

    /// <summary>True weights (w_j, a_j) of all neurons, m (d + c), row after row.</summary>
    public static double[] TrueWeights(ReluNetwork network)
    {
        var weights = new List<double>();
        for (int j = 0; j < network.Width; j++)
        {
            double scale = Math.Exp(network.LogScales[j]);
            foreach (double value in network.InputWeights.Row(j))
            {
                weights.Add(scale * value);
            }

            foreach (double value in network.OutputWeights.Row(j))
            {
                weights.Add(scale * value);
            }
        }

        return [.. weights];
    }

    /// <summary>‖θ − θ'‖ / ‖θ'‖ of true weights.</summary>
    public static double RelativeDistance(ReluNetwork network, ReluNetwork other) => RelativeDistance(TrueWeights(network), TrueWeights(other));

    public static double RelativeDistance(double[] weights, double[] others) =>
        Math.Sqrt(weights.Zip(others, (a, b) => (a - b) * (a - b)).Sum() / others.Sum(a => a * a));
}
