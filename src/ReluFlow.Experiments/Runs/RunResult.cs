using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>A run that is done or was found done.</summary>
/// <param name="Summary">The numbers of <c>summary.json</c>.</param>
/// <param name="Trajectory">What was computed.</param>
/// <param name="Experiment">What was run.</param>
/// <param name="Directory">The run directory, absolute.</param>
/// <param name="FoundFinished">Whether the directory held this run already and nothing was computed.</param>
/// <param name="Farther">The run that the directory keeps in place of this one, which was cut short before it got as far; null where this one is kept.</param>
/// <param name="OutdatedVersion">The other version whose finished run of this experiment was run again and replaced; null where there was none.</param>
public sealed record RunResult(
    Summary Summary, Trajectory Trajectory, Experiment Experiment, string Directory, bool FoundFinished, Summary? Farther = null, string? OutdatedVersion = null)
{
    /// <summary>Whether only some neurons of the points between start and end are there: it was read back from a directory that keeps no more (<c>save.neurons</c>).</summary>
    public bool IsPartial => FoundFinished && Experiment.Spec.Save.Neurons is not null;

    /// <summary>A run read back with its data and its start.</summary>
    /// <param name="path">The run directory.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="InputException">There is no whole run, or data or start are not those of the run any more.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RunResult Read(string path, CancellationToken cancellation = default)
    {
        StoredRun stored = RunDirectory.Open(path);
        Experiment experiment = stored.ToExperiment(cancellation);
        return new RunResult(stored.Summary, stored.ToTrajectory(experiment.Problem.Data), experiment, stored.Directory, FoundFinished: true);
    }
}
