using ReluFlow.Experiments.Runs;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Sessions;

/// <summary>Answers to requests to prepare an experiment: at once what it is, then the same with what theory says.</summary>
internal sealed class Preparations(LabResources lab, SessionSocket socket)
{
    /// <summary>Answers, twice unless it is superseded.</summary>
    /// <param name="request">The request.</param>
    /// <param name="asked">What is prepared, and whether theory may take longer than usual.</param>
    /// <param name="superseded">Ends it: another request to prepare came.</param>
    /// <param name="gone">Ends it: the page is gone.</param>
    /// <exception cref="RefusedException">The experiment is beyond a limit.</exception>
    /// <exception cref="Experiments.InputException">The experiment does not fit together.</exception>
    /// <exception cref="OperationCanceledException">It is superseded, or the page is gone.</exception>
    public async Task AnswerAsync(uint request, (LabExperiment Experiment, bool Longer) asked, CancellationToken superseded, CancellationToken gone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(superseded, gone);
        (Experiment experiment, _) = await lab.InTurnAsync(() => asked.Experiment.Resolve(lab.Limits, either.Token), either.Token);
        PreparedMessage first = Of(request, asked.Experiment, experiment);
        await socket.SendAsync(first, LabJson.Default.PreparedMessage, gone);
        PreparedTheory theory = await TheoryAsync(experiment, asked.Longer, either.Token);
        await socket.SendAsync(first with { Theory = theory, Complete = true }, LabJson.Default.PreparedMessage, gone);
    }

    private async Task<PreparedTheory> TheoryAsync(Experiment experiment, bool longer, CancellationToken cancellation)
    {
        string key = KnownTheory.KeyOf(experiment);
        if (lab.Theory.Find(key) is { } known)
        {
            return known;
        }

        var predictions = new Predictions(() => new TheoryTime(lab.Limits, lab.Options.Clock, () => !lab.SomebodyWaits, longer));
        PreparedTheory found = await lab.InTurnAsync(() => predictions.Of(experiment, cancellation), cancellation);
        lab.Theory.Add(key, found);
        return found;
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
