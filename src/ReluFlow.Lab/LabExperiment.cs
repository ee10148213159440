using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Lab;

/// <summary>An experiment that a page asks for, before anything is drawn.</summary>
/// <param name="Data">Its data.</param>
/// <param name="Spec">Its spec.</param>
internal sealed record LabExperiment(LabData Data, ExperimentSpec Spec)
{
    /// <summary>The command that runs the exported experiment.</summary>
    public const string Command = $"reluflow run {ExperimentArchive.SpecName}";

    /// <summary>The spec as text: drawn data and starts as they are drawn, points as the file that the export has beside it; without the lab's own limit in time.</summary>
    public string Yaml => SpecFile.Write(Spec with { Stop = Spec.Stop with { Wall = null } });

    /// <summary>Gets the data, draws the start and checks that all fits together.</summary>
    /// <exception cref="Experiments.InputException">It does not.</exception>
    /// <exception cref="RefusedException">It is beyond a limit.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (Experiment Experiment, RunCost Cost) Resolve(LabLimits limits, CancellationToken cancellation)
    {
        ExperimentData data = Data.Load(limits, cancellation);
        var experiment = Experiment.Resolve(Spec, data, cancellation);
        var cost = RunCost.Of(experiment.Problem, experiment.Saves.Times.Length + 2);
        cost.RequireWithin(limits);
        return (experiment, cost);
    }
}
