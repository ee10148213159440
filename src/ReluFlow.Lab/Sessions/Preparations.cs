using ReluFlow.Experiments.Runs;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Sessions;

/// <summary>Answers to requests to prepare an experiment: at once what it is, then the same with what theory says.</summary>
internal sealed class Preparations(LabResources lab, SessionSocket socket)
{
    private readonly Predictions _predictions = new(lab.Limits, lab.Options.Clock);

    /// <summary>Answers, twice unless it is superseded.</summary>
    /// <exception cref="RefusedException">The experiment is beyond a limit.</exception>
    /// <exception cref="Experiments.InputException">The experiment does not fit together.</exception>
    /// <exception cref="OperationCanceledException">It is superseded, or the page is gone.</exception>
    public async Task AnswerAsync(uint request, LabExperiment asked, CancellationToken superseded, CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(superseded, gone);
        (Experiment experiment, _) = await lab.InTurnAsync(() => asked.Resolve(lab.Limits, either.Token), either.Token);
        PreparedMessage first = Of(request, asked, experiment);
        await socket.SendAsync(first, LabJson.Default.PreparedMessage, gone);
        PreparedTheory theory = await lab.InTurnAsync(() => _predictions.Of(experiment, either.Token), either.Token);
        await socket.SendAsync(first with { Theory = theory, Complete = true }, LabJson.Default.PreparedMessage, gone);
    }

    private static PreparedMessage Of(uint request, LabExperiment asked, Experiment experiment)
    {
        Dataset data = experiment.Problem.Data;
        (double[][]? inputs, double[][]? targets) = MatrixRows.WithoutBias(data);
        return new PreparedMessage
        {
            Request = request,
            Samples = data.Samples,
            Dimension = data.InputDimension,
            Outputs = data.OutputDimension,
            Bias = data.HasBias,
            Complete = false,
            Theory = null,
            Yaml = asked.Yaml,
            Command = LabExperiment.Command,
            SaveTimes = [0, .. experiment.Saves.Times],
            Inputs = inputs,
            Targets = targets,
        };
    }
}
