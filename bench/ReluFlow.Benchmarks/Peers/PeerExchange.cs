using ReluFlow.Benchmarks.Problems;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>Problems and results as programs exchange them, in NPZ. What the arrays are called stands in bench/peers/exchange.py.</summary>
internal static class PeerExchange
{
    /// <summary>Writes a problem.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteProblem(FlowProblem problem, string path)
    {
        Dataset data = problem.Training.Data;
        Dictionary<string, NpyArray> arrays = Weights(problem.Training.Start);
        arrays["X"] = NpyArray.Of(data.Inputs);
        arrays["y"] = NpyArray.Of([data.Samples], data.Targets.Values.ToArray());
        arrays["time"] = NpyArray.Of([], [problem.Time]);
        WholeFile.Write(path, stream => NpzFile.Write(stream, arrays));
    }

    /// <summary>Reads a problem: data with start, and T.</summary>
    /// <exception cref="InputException">The file is no problem.</exception>
    public static (TrainingProblem Training, double Time) ReadProblem(string path)
    {
        IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(path);
        var data = new Dataset(Array(arrays, "X", path).ToMatrix(), Array(arrays, "y", path).ToMatrix(), "problem", path);
        return (new TrainingProblem(data, Network(arrays, path), Loss.Squared), Number(arrays, "time", path));
    }

    /// <summary>Writes a result.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteTo(this PeerResult result, string path)
    {
        Dictionary<string, NpyArray> arrays = Weights(result.Network);
        void Add(string name, double value) => arrays[name] = NpyArray.Of([], [value]);
        Add("reached", result.Reached ? 1 : 0);
        Add("time", result.Time);
        Add("wall", result.Cost.Wall);
        Add("processor", result.Cost.Processor);
        Add("evaluations", result.Evaluations);
        Add("steps", result.Steps);
        WholeFile.Write(path, stream => NpzFile.Write(stream, arrays));
    }

    /// <summary>Reads a result.</summary>
    /// <exception cref="InputException">The file is no result, or its weights have another shape than the start's.</exception>
    public static PeerResult ReadResult(string path, ReluNetwork start)
    {
        IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(path);
        ReluNetwork network = Network(arrays, path);
        if (network.Width != start.Width || network.InputDimension != start.InputDimension)
        {
            throw new InputException($"{path}: w is {network.Width} × {network.InputDimension}; {start.Width} × {start.InputDimension} is expected.");
        }

        return new PeerResult(
            Number(arrays, "reached", path) != 0,
            Number(arrays, "time", path),
            new Cost(Number(arrays, "wall", path), Number(arrays, "processor", path)),
            (long)Number(arrays, "evaluations", path),
            (long)Number(arrays, "steps", path),
            network);
    }

    private static Dictionary<string, NpyArray> Weights(ReluNetwork network) => new()
    {
        ["w"] = NpyArray.Of(network.InputWeights),
        ["a"] = NpyArray.Of([network.Width], network.OutputWeights.Values.ToArray()),
        ["rho"] = NpyArray.Of([network.Width], network.LogScales.ToArray()),
    };

    private static ReluNetwork Network(IReadOnlyDictionary<string, NpyArray> arrays, string path)
    {
        NpyArray w = Array(arrays, "w", path), a = Array(arrays, "a", path), rho = Array(arrays, "rho", path);
        return w.Shape.Count == 2 && a.Values.Length == w.Shape[0] && rho.Values.Length == w.Shape[0]
            ? ReluNetwork.FromScaledWeights(w.ToMatrix(), Matrix.TakeOwnership(a.Values.Length, 1, a.Values), rho.Values)
            : throw new InputException($"{path}: w, a and rho have {w.Values.Length}, {a.Values.Length} and {rho.Values.Length} values; m × d, m and m are expected.");
    }

    private static NpyArray Array(IReadOnlyDictionary<string, NpyArray> arrays, string name, string path) =>
        arrays.TryGetValue(name, out NpyArray? array) ? array : throw new InputException($"{path}: there is no array '{name}'; there are {string.Join(", ", arrays.Keys)}.");

    private static double Number(IReadOnlyDictionary<string, NpyArray> arrays, string name, string path) =>
        Array(arrays, name, path).Values is [double value] ? value : throw new InputException($"{path}: '{name}' is an array; one number is expected.");
}
