using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>Carries out an experiment and keeps its run directory.</summary>
public static class ExperimentRunner
{
    /// <summary>Runs an experiment, or finds it finished.</summary>
    /// <param name="experiment">What is run.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Ends the run early; what was computed is kept.</param>
    /// <remarks>
    /// A run that the clock or the user cut short is kept with that status, and is run again and replaced the next time.
    /// Where another process finishes the same run first, its directory stays.
    /// </remarks>
    /// <exception cref="InputException">The run directory cannot be used: it holds something else or cannot be written.</exception>
    public static RunResult Run(Experiment experiment, RunOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(options);
        string directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.OutputDirectory ?? RunDirectory.DefaultPath(experiment)));
        if (!options.Force && RunDirectory.OpenFinished(directory, experiment.Hash) is StoredRun stored)
        {
            return new RunResult(stored.Summary, stored.ToTrajectory(experiment.Data.Training), experiment, directory, FoundFinished: true);
        }

        RunDirectory.RequireUsable(directory, experiment.Hash, replaceOther: options.Force);
        RunResult result = Solve(experiment, options, directory, cancellation);
        RunDirectory.Write(directory, result, options.Force);
        return result;
    }

    private static RunResult Solve(Experiment experiment, RunOptions options, string directory, CancellationToken cancellation)
    {
        long begin = options.Clock.GetTimestamp();
        using var wall = new CancellationTokenSource(experiment.Spec.Stop.Wall ?? Timeout.InfiniteTimeSpan, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wall.Token, cancellation);
        Trajectory trajectory = experiment.Dynamics.Follow(experiment.Problem, experiment.Stop, experiment.Saves, options.Observer, either.Token);

        // Where both came, the user's word counts.
        bool wallReached = wall.IsCancellationRequested && !cancellation.IsCancellationRequested;
        Summary summary = Summary.Of(experiment, trajectory, wallReached, options.Clock.GetElapsedTime(begin));
        return new RunResult(summary, trajectory, experiment, directory, FoundFinished: false);
    }
}
