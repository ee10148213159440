using System.Globalization;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Runs;
using ReluFlow.Neurons;

namespace ReluFlow.Cli;

/// <summary>Shows a run's neurons and their race to a person.</summary>
internal static class RaceView
{
    public static void Show(Terminal terminal, StoredRun run, NeuronRace race, ClusterCourse course, int most)
    {
        NeuronLedger ledger = race.Ledger;
        int last = ledger.Points.Count - 1;
        string states = string.Join(", ", Enum.GetValues<NeuronState>().Select(state => (State: state, Count: ledger.Count(last, state))).Where(pair => pair.Count > 0)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Count:N0} {SnakeName.Of(pair.State)}")));
        terminal.Paragraph(string.Create(CultureInfo.InvariantCulture, $"{run.Summary.Experiment}: {ledger.Width} neurons at {ledger.Points.Count} kept points up to t = {ledger.Points[last].Time:G6}. At the end: {states} [H]."));
        ShowNeurons(terminal, race, most);
        ShowClusters(terminal, race, most);
        ShowCourse(terminal, race.Clustering, course);
        ShowClosedForm(terminal, race.Race.ClosedForm);
        ShowUnlockings(terminal, ledger, most);
    }

    /// <summary>One paragraph on the race of a summary; nothing where it was not asked for.</summary>
    public static void ShowSummary(Terminal terminal, Summary summary)
    {
        if (summary.Race is not { } race)
        {
            return;
        }

        string states = string.Join(", ", race.States.Where(state => state.Value > 0).Select(state => string.Create(CultureInfo.InvariantCulture, $"{state.Value:N0} {state.Key}")));
        string winner = race.Clusters is [{ } largest, ..]
            ? string.Create(CultureInfo.InvariantCulture, $" The largest cluster, of {largest.Entrants:N0}, is won by neuron {largest.Winner}; {(largest.PredictedWinner is { } predicted ? $"predicted at t = {race.EarlyTime:G6} was {predicted}" : "nobody was predicted")}{(largest.Spearman is { } rank ? $", with rank correlation {rank:G5}" : "")}.")
            : "";
        terminal.Paragraph($"Race [H]: {states} neurons.{winner} More by reluflow race RUN.");
    }

    private static void ShowNeurons(Terminal terminal, NeuronRace race, int most)
    {
        (NeuronLedger ledger, int early, int last) = (race.Ledger, race.Race.EarlyPoint, race.Ledger.Points.Count - 1);
        Dictionary<int, (int Cluster, double Predicted, double Final)> places = Places(race.Race);
        ResultTable table = new ResultTable(terminal).Numbers("neuron").Words("state").Numbers("‖a‖‖w‖").Numbers("cluster").Numbers("share").Numbers("predicted");
        if (!terminal.IsNarrow)
        {
            table.Numbers("δ early").Numbers("ln head start").Numbers("samples").Numbers("gate");
        }

        int[] order = [.. Enumerable.Range(0, ledger.Width).OrderByDescending(j => ledger[last, j].LogNormProduct)];
        foreach (int j in order.Take(most))
        {
            NeuronRecord end = ledger[last, j], start = ledger[early, j];
            string[] share = places.TryGetValue(j, out var place) ? [NumberText.Count(place.Cluster + 1), Short(place.Final), Short(place.Predicted)] : ["", "", ""];
            string[] cells = [NumberText.Count(j), SnakeName.Of(end.State), NumberText.Of(Math.Exp(end.LogNormProduct), end.LogNormProduct, narrow: true), .. share];
            string[] more = [Short(start.Angle), Short(start.LogHeadStart), NumberText.Count(end.ActiveSamples), NumberText.Count(end.Gate)];
            table.Row(terminal.IsNarrow ? cells : [.. cells, .. more]);
        }

        table.Show();
        More(terminal, order.Length, most, "neurons");
    }

    private static void ShowClusters(Terminal terminal, NeuronRace race, int most)
    {
        (int Number, ClusterRace Race)[] raced = [.. race.Race.Clusters.Select((cluster, i) => (Number: i + 1, Race: cluster)).Where(pair => pair.Race.Entrants.Count > 1).OrderByDescending(pair => pair.Race.Entrants.Count)];
        if (raced.Length == 0)
        {
            terminal.Paragraph(race.Race.Clusters.Count == 0 ? "No clusters: every neuron is dead." : "No cluster has two neurons to race.");
            return;
        }

        ResultTable table = new ResultTable(terminal).Numbers("cluster").Numbers("neurons").Numbers("winner").Numbers("predicted winner").Numbers("lead").Numbers("predicted lead").Numbers("Pearson").Numbers("Spearman").Numbers("Kendall");
        if (!terminal.IsNarrow)
        {
            table.Numbers("one gate");
        }

        foreach ((int number, ClusterRace cluster) in raced.Take(most))
        {
            string[] cells =
            [
                NumberText.Count(number), NumberText.Count(cluster.Entrants.Count), NumberText.Count(cluster.Winner), NumberText.Count(cluster.PredictedWinner),
                Short(cluster.FinalLead), Short(cluster.PredictedLead), Short(cluster.Pearson), Short(cluster.Spearman), Short(cluster.Kendall),
            ];
            table.Row(terminal.IsNarrow ? cells : [.. cells, NumberText.Count(cluster.WithWinnersGate)]);
        }

        table.Show();
        More(terminal, raced.Length, most, "clusters of two or more");
        terminal.Paragraph(race.Race.Remark is { } remark
            ? $"Nothing to compare: {remark}."
            : string.Create(CultureInfo.InvariantCulture, $"Predicted at t = {race.Race.EarlyTime:G6} by the head start 2 ln(⟨p, w⟩ + ⟨q, a⟩), among neurons that end in one cluster; lead: first over second ‖a‖‖w‖; correlations are of logarithms; one gate: neurons with the winner's gate from then on."));
    }

    private static void ShowCourse(Terminal terminal, ClusterOptions clustering, ClusterCourse course)
    {
        (ClustersInTime first, ClustersInTime least, ClustersInTime last) = (course.InTime[0], course.InTime.MinBy(point => point.Clusters.Count)!, course.InTime[^1]);
        string Told(ClustersInTime point) => string.Create(CultureInfo.InvariantCulture, $"{point.Clusters.Count:N0} at t = {point.Time:G6}");
        terminal.Paragraph(string.Create(CultureInfo.InvariantCulture, $"Clusters of all neurons at cosine {clustering.Cosine}, by {SnakeName.Of(clustering.Method)}: {Told(first)}, fewest {Told(least)}, {Told(last)}."));
    }

    private static void ShowClosedForm(Terminal terminal, ClosedFormCheck check) => terminal.Paragraph(check.Applied
        ? string.Create(CultureInfo.InvariantCulture, $"Closed form a(0)(cosh η + cos δ sinh η)²: applied to {check.Neurons.Count:N0} neurons up to η = {check.LargestRapidity:G4}; ln ‖a‖‖w‖ is off by at most {check.Deviation:G3} [D].")
        : "Closed form a(0)(cosh η + cos δ sinh η)²: applied to no neuron (it needs a flow or plain steps on all samples, one output, a balanced neuron and a constant D over two kept points).");

    private static void ShowUnlockings(Terminal terminal, NeuronLedger ledger, int most)
    {
        if (ledger.Unlockings.Count == 0)
        {
            terminal.Paragraph("No neuron was unlocked on the way [H].");
            return;
        }

        ResultTable table = new ResultTable(terminal).Numbers("neuron").Numbers("locked since").Numbers("unlocked").Words("cause [H]");
        foreach (Unlocking unlocking in ledger.Unlockings.Take(most))
        {
            string when = unlocking.Time is { } time ? Short(time) : string.Create(CultureInfo.InvariantCulture, $"{unlocking.After:G5} to {unlocking.By:G5}");
            table.Row(NumberText.Count(unlocking.Neuron), Short(unlocking.Since), when, SnakeName.Of(unlocking.Cause));
        }

        table.Show();
        More(terminal, ledger.Unlockings.Count, most, "unlockings");
    }

    private static Dictionary<int, (int Cluster, double Predicted, double Final)> Places(Race race) => race.Clusters
        .SelectMany((cluster, i) => cluster.Entrants.Select((j, entrant) => (Neuron: j, Place: (i, cluster.PredictedShares[entrant], cluster.FinalShares[entrant]))))
        .ToDictionary(pair => pair.Neuron, pair => pair.Place);

    private static void More(Terminal terminal, int count, int most, string what)
    {
        if (count > most)
        {
            terminal.Paragraph(string.Create(CultureInfo.InvariantCulture, $"The first {most:N0} of {count:N0} {what}; --all shows all."));
        }
    }

    private static string Short(double? value) => value is { } number && double.IsFinite(number) ? NumberText.Of(number, narrow: true) : "";
}
