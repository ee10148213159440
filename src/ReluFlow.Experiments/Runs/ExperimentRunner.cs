using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>Carries out an experiment and keeps its run directory.</summary>
public static class ExperimentRunner
{
    /// <summary>Trajectories of more numbers than this (512 MiB) are kept in a file while they are worked on.</summary>
    internal const long NumbersInMemory = 1L << 26;

    /// <summary>Runs an experiment, or finds it finished.</summary>
    /// <param name="experiment">What is run.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends the run early; what was computed is kept.</param>
    /// <remarks>
    /// A run that the clock or the user cut short is kept with that status, and is run again the next time; only a run that gets as far replaces it.
    /// One that another version finished is run again too, and replaced by a run that finishes.
    /// Where another process finishes the same run first, its directory stays.
    /// </remarks>
    /// <exception cref="InputException">The run directory cannot be used: it holds something else or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">A run that is to be <see cref="RunOptions.OnlyWhole"/> was cancelled.</exception>
    public static RunResult Run(Experiment experiment, RunOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(options);
        string directory = RunDirectory.PathOf(experiment, options.OutputDirectory);
        if (options.OnlyWhole)
        {
            return RunWhole(experiment, options, directory, cancellation);
        }

        bool again = options.Recompute || options.Force;
        if (!again && RunDirectory.OpenFinished(directory, experiment.Hash) is StoredRun stored)
        {
            return WithAnalyses(new RunResult(stored.Summary, stored.ToTrajectory(experiment.Data.Training), experiment, directory, FoundFinished: true), cancellation);
        }

        Summary? replaced = RunDirectory.RequireUsable(directory, experiment.Hash, replaceOther: options.Force);
        RunResult result = Solved(experiment, options, directory, cancellation);
        if (!RunDirectory.Write(directory, result, again) && !result.Summary.IsFinished)
        {
            return result with { Farther = RunDirectory.Open(directory).Summary };
        }

        result = WithAnalyses(result, cancellation);

        return result.Summary.IsFinished && replaced is { IsFinished: true } && replaced.Hash == experiment.Hash && replaced.Version != Summary.CurrentVersion
            ? result with { OutdatedVersion = replaced.Version }
            : result;
    }

    /// <summary>Runs an experiment in memory, with its analyses where it ends by itself: no run is looked for and nothing is written.</summary>
    /// <param name="experiment">What is run.</param>
    /// <param name="options">Threads, observer and clock; what speaks of a run directory says nothing here.</param>
    /// <param name="cancellation">Ends the run early; what was computed is returned.</param>
    public static (Trajectory Trajectory, Summary Summary) Compute(Experiment experiment, RunOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(options);
        (Trajectory trajectory, Summary summary) = Solve(experiment, experiment.Saves, options, cancellation);
        return (trajectory, summary.IsFinished && !cancellation.IsCancellationRequested ? Analyses.Complete(summary, experiment, trajectory, cancellation) : summary);
    }

    private static RunResult RunWhole(Experiment experiment, RunOptions options, string directory, CancellationToken cancellation)
    {
        RunResult result = Solved(experiment, options, directory, cancellation);
        cancellation.ThrowIfCancellationRequested();
        result = result.Summary.IsFinished ? result with { Summary = Analyses.Complete(result.Summary, experiment, result.Trajectory, cancellation) } : result;
        RunDirectory.Write(directory, result, force: false, options.Keep);
        return result;
    }

    // What was asked for beyond what a finished run has, computed from its points and kept with it: the run is kept first, so that an interruption here loses nothing of it.
    private static RunResult WithAnalyses(RunResult finished, CancellationToken cancellation)
    {
        Summary completed = finished.Summary.IsFinished ? Analyses.Complete(finished.Summary, finished.Experiment, finished.Trajectory, cancellation) : finished.Summary;
        if (ReferenceEquals(completed, finished.Summary))
        {
            return finished;
        }

        RunResult result = finished with { Summary = completed };
        RunDirectory.Write(result.Directory, result, force: true);
        return result;
    }

    private static RunResult Solved(Experiment experiment, RunOptions options, string directory, CancellationToken cancellation)
    {
        (Trajectory trajectory, Summary summary) = Solve(experiment, SavesOf(experiment, directory), options, cancellation);
        return new RunResult(summary, trajectory, experiment, directory, FoundFinished: false);
    }

    private static (Trajectory Trajectory, Summary Summary) Solve(Experiment experiment, SaveTimes saves, RunOptions options, CancellationToken cancellation)
    {
        long begin = options.Clock.GetTimestamp();
        using var wall = new CancellationTokenSource(experiment.Spec.Stop.Wall ?? Timeout.InfiniteTimeSpan, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wall.Token, cancellation);
        Trajectory trajectory = FailedAtStart(experiment.Problem)
            ?? experiment.DynamicsOn(options.Threads).Follow(experiment.Problem, experiment.Stop, saves, options.Observer, either.Token);

        // Where both came, the user's word counts.
        bool wallReached = wall.IsCancellationRequested && !cancellation.IsCancellationRequested;
        return (trajectory, Summary.Of(experiment, trajectory, wallReached, options.Clock.GetElapsedTime(begin)));
    }

    // Points of a wide network do not fit in memory together: then they wait in a file beside the run directory.
    private static SaveTimes SavesOf(Experiment experiment, string directory)
    {
        ReluNetwork start = experiment.Problem.Start;
        long numbers = (experiment.Saves.Times.Length + 2L) * start.Width * (start.InputDimension + start.OutputDimension + 1);
        return numbers <= NumbersInMemory ? experiment.Saves : experiment.Saves.KeptIn(new NetworkStore(Path.GetDirectoryName(Path.GetFullPath(directory)) ?? directory));
    }

    /// <summary>The failed run of a start from which no law leads on; null for any other.</summary>
    internal static Trajectory? FailedAtStart(TrainingProblem problem)
    {
        var signal = new double[problem.Data.Samples * problem.Data.OutputDimension];
        problem.Start.Evaluate(problem.Data.Inputs, signal);
        double loss = problem.Loss.Mean(signal, problem.Data.Targets);
        problem.Loss.ResidualSignal(signal, problem.Data.Targets, signal);
        var pattern = ActivationPattern.Of(problem.Start, problem.Data.Inputs);
        double gradientNorm = Gradient.Descent(problem.Start, problem.Data.Inputs, pattern, signal).Norm;
        return double.IsFinite(loss) && double.IsFinite(gradientNorm) ? null : new Trajectory
        {
            Points = [new TrajectoryPoint(0, loss, problem.Start)],
            Events = [],
            Pattern = pattern,
            Status = SolveStatus.Failed,
            Message = "the loss or its gradient at the start is not finite: the first weights or the data are too large",
            GradientNorm = gradientNorm,
            Work = new Dictionary<string, long> { ["steps"] = 0 },
        };
    }
}
