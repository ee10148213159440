using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>Random small training problems with everything that makes gradient flow awkward, each reproducible from its seed.</summary>
internal sealed record RandomProblem
{
    public required ulong Seed { get; init; }

    public int Outputs { get; init; } = 1;

    public bool Duplicates { get; init; }

    public bool Collinear { get; init; }

    public bool Opposite { get; init; }

    public bool ZeroInput { get; init; }

    public bool ZeroLabels { get; init; }

    public bool RankDeficient { get; init; }

    /// <summary>Inputs from the third on lie, every second time, in the plane of the first two. Not drawn.</summary>
    public bool Coplanar { get; init; }

    public bool OnBoundary { get; init; }

    public bool DeadNeurons { get; init; }

    public bool Ties { get; init; }

    public string Start { get; init; } = "balanced";

    public double Scale { get; init; } = 0.3;

    public int Samples { get; init; }

    public int Inputs { get; init; }

    public int Width { get; init; }

    /// <summary>A problem in which every awkwardness is there with probability a quarter.</summary>
    public static RandomProblem Draw(ulong seed, int outputs = 1)
    {
        var stream = new RandomStream(seed + 77_000);
        bool Sometimes() => stream.NextInteger(4) == 0;
        string[] starts = outputs == 1 ? ["balanced", "unbalanced", "dominated"] : ["normal"];
        return new RandomProblem
        {
            Seed = seed,
            Outputs = outputs,
            Samples = 1 + stream.NextInteger(8),
            Inputs = 1 + stream.NextInteger(5),
            Width = 1 + stream.NextInteger(12),
            Duplicates = Sometimes(),
            Collinear = Sometimes(),
            Opposite = Sometimes(),
            ZeroInput = Sometimes(),
            ZeroLabels = Sometimes(),
            RankDeficient = Sometimes(),
            OnBoundary = Sometimes(),
            DeadNeurons = Sometimes(),
            Ties = Sometimes(),
            Start = starts[stream.NextInteger(starts.Length)],
            Scale = Math.Pow(10, -6 * stream.NextUniform()),
        };
    }

    public TrainingProblem Make(Loss? loss = null)
    {
        var stream = new RandomStream(Seed + 1_000_000);
        double[][] x = MakeInputs(stream);
        double[] y = [.. Enumerable.Range(0, Samples * Outputs).Select(_ => ZeroLabels && stream.NextInteger(3) == 0 ? 0 : stream.NextNormal())];
        var data = new Dataset(Matrix.FromRows(x), Matrix.FromValues(Samples, Outputs, y), "random", ToString());
        return new TrainingProblem(data, MakeStart(x, stream), loss ?? Loss.Squared);
    }

    /// <summary>A time at which small networks have grown at the rate Σ |y_k| ‖x_k‖ / n that the data allow; at most 60.</summary>
    public double Time(TrainingProblem problem)
    {
        double rate = Enumerable.Range(0, Samples).Sum(k =>
            Math.Sqrt(problem.Data.Inputs.Row(k).ToArray().Sum(v => v * v) * problem.Data.Targets.Row(k).ToArray().Sum(v => v * v))) / Samples;
        return Math.Min(60, 10 + (1.5 * -Math.Log(Scale) / Math.Max(rate, 0.1)));
    }

    private double[][] MakeInputs(RandomStream stream)
    {
        var x = new double[Samples][];
        for (int k = 0; k < Samples; k++)
        {
            x[k] = [.. Enumerable.Range(0, Inputs).Select(_ => OnBoundary ? stream.NextInteger(5) - 2 : stream.NextNormal())];
            if (RankDeficient && Inputs > 1)
            {
                x[k][^1] = x[k][0];
            }

            if (Coplanar && k > 1 && stream.NextInteger(2) == 0)
            {
                (double p, double q) = (stream.NextNormal(), stream.NextNormal());
                x[k] = [.. x[0].Zip(x[1], (u, v) => (p * u) + (q * v))];
            }

            if (k > 0 && stream.NextInteger(2) == 0)
            {
                double[] other = x[stream.NextInteger(k)];
                double factor = 1 + stream.NextInteger(3);
                x[k] = Duplicates ? [.. other] : Collinear ? [.. other.Select(v => factor * v)] : Opposite ? [.. other.Select(v => -factor * v)] : x[k];
            }
        }

        if (ZeroInput)
        {
            x[stream.NextInteger(Samples)] = new double[Inputs];
        }

        return x;
    }

    private ReluNetwork MakeStart(double[][] x, RandomStream stream)
    {
        LogNumber scale = LogNumber.TryParse(Scale.ToString("R", null), out LogNumber number) ? number : throw new ArgumentException(null);
        ReluNetwork drawn = Start switch
        {
            "balanced" => Initialization.Balanced(Width, Inputs, false, scale, Seed),
            "unbalanced" => Initialization.Unbalanced(Width, Inputs, false, scale, Seed),
            "dominated" => Initialization.Dominated(Width, Inputs, false, scale, Seed),
            _ => FlowProblems.RandomNetwork(Width, Inputs, Outputs, Scale, Seed),
        };
        double[][] w = [.. Enumerable.Range(0, Width).Select(j => drawn.InputWeights.Row(j).ToArray())];
        double[][] a = [.. Enumerable.Range(0, Width).Select(j => drawn.OutputWeights.Row(j).ToArray())];
        double[] rho = drawn.LogScales.ToArray();
        for (int j = 0; j < Width; j++)
        {
            if (OnBoundary && Inputs > 1 && stream.NextInteger(2) == 0)
            {
                StandOn(w[j], x[stream.NextInteger(Samples)]);
            }
            else if (DeadNeurons && stream.NextInteger(3) == 0)
            {
                Array.Clear(stream.NextInteger(2) == 0 ? w[j] : a[j]);
            }
            else if (Ties && j > 0 && stream.NextInteger(2) == 0)
            {
                double factor = stream.NextInteger(2) == 0 ? 1 : 0.5;
                (w[j], a[j], rho[j]) = ([.. w[j - 1].Select(v => factor * v)], [.. a[j - 1].Select(v => factor * v)], rho[j - 1]);
            }
        }

        return ReluNetwork.FromScaledWeights(Matrix.FromRows(w), Matrix.FromRows(a), rho);
    }

    /// <summary>Puts w on a boundary so that the product is 0 to the last bit: one coordinate where x has none, or two where x has equal ones. ‖w‖ stays.</summary>
    private static void StandOn(double[] w, double[] x)
    {
        int i = Array.IndexOf(x, 0), l = Array.FindLastIndex(x, v => Math.Abs(v) == Math.Abs(x[0]));
        if (i < 0 && l == 0)
        {
            return;
        }

        double norm = Math.Sqrt(w.Sum(v => v * v)), sign = w[0] < 0 ? -1 : 1;
        Array.Clear(w);
        if (i >= 0)
        {
            w[i] = sign * norm;
        }
        else
        {
            (w[0], w[l]) = (sign * Math.Sqrt(0.5) * norm, -sign * Math.Sqrt(0.5) * norm * Math.Sign(x[0] * x[l]));
        }
    }
}
