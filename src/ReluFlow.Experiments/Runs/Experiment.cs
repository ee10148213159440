using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>An experiment with everything its spec speaks of at hand: data, start, law, limits.</summary>
public sealed class Experiment
{
    private Experiment()
    {
    }

    /// <summary>The resolved spec: paths absolute, the width filled in.</summary>
    public required ExperimentSpec Spec { get; init; }

    /// <summary>The data, with the bias where the spec asks for one.</summary>
    public required ExperimentData Data { get; init; }

    /// <summary>Data, start and loss.</summary>
    public required TrainingProblem Problem { get; init; }

    /// <summary>The law by which the network moves, on all processors.</summary>
    public IDynamics Dynamics => DynamicsOn(threads: 0);

    /// <summary>When the run ends, the clock apart.</summary>
    public required StopRule Stop { get; init; }

    /// <summary>Which points are kept.</summary>
    public required SaveTimes Saves { get; init; }

    /// <summary>Twelve hex digits of what determines the result: network, initial, loss, dynamics, stop and save of the spec without paths and <c>stop.wall</c>; the content of the data and of a start from a file.</summary>
    public required string Hash { get; init; }

    /// <summary>Loads the data, makes the start and checks that all fits together.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="baseDirectory">The folder that relative paths of the spec begin from.</param>
    /// <param name="cancellation">Ends the loading and drawing early.</param>
    /// <exception cref="InputException">A file cannot be read, or parts do not fit together.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Experiment Resolve(ExperimentSpec spec, string baseDirectory, CancellationToken cancellation = default) =>
        Resolve(spec, baseDirectory, data => DataSource.Load(data, cancellation), cancellation);

    /// <summary>The same with data at hand, in place of those that the spec names.</summary>
    /// <param name="spec">The spec; relative paths begin from the current directory.</param>
    /// <param name="data">The data, without a bias.</param>
    /// <param name="cancellation">Ends the drawing of the start early.</param>
    /// <exception cref="InputException">Parts do not fit together, or a start from a file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Experiment Resolve(ExperimentSpec spec, ExperimentData data, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Resolve(spec, ".", _ => data, cancellation);
    }

    /// <summary>The same with data from elsewhere, such as <see cref="DataSource.Load"/> for the first of many runs.</summary>
    internal static Experiment Resolve(ExperimentSpec spec, string baseDirectory, Func<DataSpec, ExperimentData> load, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ExperimentSpec absolute = spec with
        {
            Data = spec.Data with { Path = Absolute(spec.Data.Path, baseDirectory), Labels = Absolute(spec.Data.Labels, baseDirectory) },
            Initial = spec.Initial with { Path = Absolute(spec.Initial.Path, baseDirectory) },
        };
        ExperimentData data = WithBias(absolute, load(absolute.Data));
        Loss loss = Loss.All.First(loss => loss.Name == spec.Loss);
        if (loss.FaultOf(data.Training) is { } fault)
        {
            throw new InputException(fault);
        }

        ReluNetwork start = Start(absolute, data.Training, cancellation);
        RequireTrueWeights(absolute, start);
        var problem = new TrainingProblem(data.Training, start, loss);
        if (spec.Dynamics is GradientFlowSpec { Lumping: Lumping.On } && BoostFlow.WhyNotLumped(problem) is { } reason)
        {
            throw new InputException($"dynamics.lumping is on, and {reason}.");
        }

        ExperimentSpec resolved = absolute with { Network = absolute.Network with { Width = start.Width } };
        SaveTimes saves = SavesOf(resolved);
        if (resolved.Save.Neurons is [.., int last] && last >= start.Width)
        {
            throw new InputException($"save.neurons has neuron {last}; the network has {start.Width}, 0 to {start.Width - 1} are expected.");
        }

        RequireRoom(saves, start.Width, start.InputDimension + start.OutputDimension + 1);
        return new Experiment
        {
            Spec = resolved,
            Data = data,
            Problem = problem,
            Stop = StopOf(resolved.Stop),
            Saves = saves,
            Hash = ExperimentHash.Of(resolved, data, start),
        };
    }

    private static string? Absolute(string? path, string baseDirectory) => path is null ? null : Path.GetFullPath(path, Path.GetFullPath(baseDirectory));

    private static ExperimentData WithBias(ExperimentSpec spec, ExperimentData data) =>
        spec.Network.Bias ? data with { Training = data.Training.WithBias(), HeldOut = data.HeldOut?.WithBias() } : data;

    private static ReluNetwork Start(ExperimentSpec spec, Dataset data, CancellationToken cancellation)
    {
        if (spec.Initial.Scheme == InitialScheme.File)
        {
            return StartOfFile(spec, data);
        }

        int width = spec.Network.Width ?? throw new InputException("network.width is missing; a positive whole number is expected.");
        int dimension = data.InputDimension - (data.HasBias ? 1 : 0);
        RequireRoom(SaveTimes.EndsOnly, width, data.InputDimension + data.OutputDimension + 1);
        if (spec.Initial.Neurons == InitialNeurons.Quadrature)
        {
            return QuadratureNodes.Of(spec.Initial, width, data);
        }

        Func<int, int, bool, LogNumber, ulong, int, CancellationToken, ReluNetwork> draw = spec.Initial.Scheme switch
        {
            InitialScheme.Unbalanced => Initialization.Unbalanced,
            InitialScheme.Dominated => Initialization.Dominated,
            _ => Initialization.Balanced,
        };
        return draw(width, dimension, data.HasBias, spec.Initial.Scale, spec.Initial.Seed, data.OutputDimension, cancellation);
    }

    private static void RequireTrueWeights(ExperimentSpec spec, ReluNetwork start)
    {
        if (spec.Dynamics is AdamSpec && start.LogScales.ToArray().Min() < Adam.LeastLogScale)
        {
            throw new InputException($"dynamics.method is adam, which works on true weights; the start has some below 1e-300 (initial.{(spec.Initial.Scheme == InitialScheme.File ? "path" : "scale")}), weights that a double can hold are expected.");
        }
    }

    // A trajectory is kept in memory and its weights become one array: before anything is drawn, so that a slip of the pen costs no run.
    private static void RequireRoom(SaveTimes saves, int width, int numbersOfNeuron)
    {
        int points = saves.Times.Length + 2;
        decimal numbers = (decimal)points * width * numbersOfNeuron;
        if (numbers > Array.MaxLength)
        {
            throw new InputException($"{points} saved points of {width} neurons with {numbersOfNeuron} numbers each are {numbers} numbers; at most {Array.MaxLength} are expected (network.width, save.count).");
        }
    }

    private static ReluNetwork StartOfFile(ExperimentSpec spec, Dataset data)
    {
        string path = spec.Initial.Path ?? throw new InputException("initial.path is missing; the path of an npz file with W and a is expected.");
        ReluNetwork network = NetworkFile.Read(path);
        string bias = data.HasBias ? ", the bias included," : "";
        return spec.Network.Width is int width && width != network.Width
            ? throw new InputException($"network.width is {width}; {path} has {network.Width} neurons, which is expected where a width is given.")
            : network.InputDimension != data.InputDimension
            ? throw new InputException($"{path}: W has {network.Width} rows, one a neuron, and {network.InputDimension} columns; as many as data set '{data.Name}' has input coordinates{bias} are expected: {data.InputDimension}.")
            : network.OutputDimension != data.OutputDimension
            ? throw new InputException($"{path}: a has {network.OutputDimension} columns; as many as data set '{data.Name}' has targets are expected: {data.OutputDimension}.")
            : network;
    }

    /// <summary>The start that the spec draws at another scale, θ(0)/λ at scale 1; the rest of the experiment stays.</summary>
    /// <param name="scale">The other scale.</param>
    /// <param name="cancellation">Ends the drawing early.</param>
    /// <exception cref="InvalidOperationException">The start is one from a file, which is not drawn.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ReluNetwork StartAt(LogNumber scale, CancellationToken cancellation = default) => Spec.Initial.Scheme == InitialScheme.File
        ? throw new InvalidOperationException("The start is one from a file, which is not drawn.")
        : Start(Spec with { Initial = Spec.Initial with { Scale = scale } }, Data.Training, cancellation);

    /// <summary>The same experiment from the start that another seed draws; the data stay. Not for a start from a file, which is not drawn.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal Experiment WithInitialSeed(ulong seed, CancellationToken cancellation)
    {
        ExperimentSpec spec = Spec with { Initial = Spec.Initial with { Seed = seed } };
        ReluNetwork start = Start(spec, Data.Training, cancellation);
        return new Experiment
        {
            Spec = spec,
            Data = Data,
            Problem = new TrainingProblem(Data.Training, start, Problem.Loss),
            Stop = Stop,
            Saves = Saves,
            Hash = ExperimentHash.Of(spec, Data, start),
        };
    }

    /// <summary>The law by which the network moves, on at most so many threads; 0 takes all processors. Results do not depend on it.</summary>
    /// <param name="threads">The most threads.</param>
    /// <param name="mask">The weights that are trained, of a descent; null for all.</param>
    internal IDynamics DynamicsOn(int threads, WeightMask? mask = null) => Spec.Dynamics switch
    {
        GradientFlowSpec { Integrator: FlowIntegrator.Boost } flow => new BoostFlow(new BoostFlowOptions { Tolerance = flow.Tolerance, SolveLimit = flow.Limit, Lumping = flow.Lumping, MaximumThreads = threads }),
        GradientFlowSpec flow => new ReferenceFlow(new ReferenceFlowOptions { Tolerance = flow.Tolerance }),
        GradientDescentSpec descent => new GradientDescent(new GradientDescentOptions { Step = descent.Step, Batch = descent.Batch, Momentum = descent.Momentum, Seed = descent.Seed, Mask = mask, MaximumThreads = threads }),
        AdamSpec adam => new Adam(new AdamOptions { Step = adam.Step, Batch = adam.Batch, Beta1 = adam.Beta1, Beta2 = adam.Beta2, Epsilon = adam.Epsilon, Seed = adam.Seed, Mask = mask, MaximumThreads = threads }),
        _ => throw new InvalidOperationException($"{Spec.Dynamics} is not a law of motion."),
    };

    private static StopRule StopOf(StopSpec spec) => new()
    {
        Time = spec.Time ?? double.PositiveInfinity,
        Loss = spec.Loss,
        GradientNorm = spec.GradientNorm,
        Steps = spec.Steps ?? long.MaxValue,
    };

    private static SaveTimes SavesOf(ExperimentSpec spec)
    {
        if (spec.Save.Times is { } times)
        {
            return SaveTimes.At([.. times]);
        }

        double end = spec.Dynamics is DescentSpec descent && spec.Stop.Steps is long steps
            ? Math.Min(spec.Stop.Time ?? double.PositiveInfinity, steps * descent.Step)
            : spec.Stop.Time ?? double.PositiveInfinity;
        return !double.IsFinite(end)
            ? throw new InputException("save.count spreads points over the whole time, of which stop says no end; stop.time (for a descent also stop.steps) or save.times is expected.")
            : spec.Save.Spacing == SaveSpacing.Linear ? SaveTimes.Linear(end, spec.Save.Count) : SaveTimes.Logarithmic(end, spec.Save.Count);
    }
}
