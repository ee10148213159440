using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Figures;

/// <summary>
/// The largest cluster early on: norm product against the angle to the target, coloured by the norm product at the end, with lines of one head start: ‖a‖‖w‖ (1 + cos δ)² of a
/// balanced neuron. Source: [Race], figure 1(c); the lines are derived here [D].
/// </summary>
internal sealed class RaceFigure : RunFigure
{
    private const double PlotWidth = 246, PlotHeight = 118;

    // At most this many lines, over the head starts of the panel's neurons.
    private const int Lines = 4;

    private const int PointsOfLine = 33;

    private const int MostPointsRead = 24;

    private const double Degree = Math.PI / 180;

    private static readonly double s_decade = Math.Log(10);

    // In ln: what is not seen in a plot of a decade or more.
    private const double SeenDeparture = 0.02;

    // ‖a‖‖w‖ as a decimal logarithm, the head start as a natural one, the last ‖a‖‖w‖ over the largest of the cluster.
    private sealed record Runner(double Angle, double Product, double HeadStart, double Share);

    public override string Name => "race";

    public override string Summary => "norm product against angle to the target in the largest cluster, coloured by what becomes of it (--at T,T,… chooses times)";

    public override string? WhyNot(RunResult run) => run.Summary.Race is not { } race ? "its spec does not ask for the analysis race" : race.Clusters.Count == 0 ? "no two neurons race each other" : null;

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        double early = run.Summary.Race!.EarlyTime;
        IReadOnlyList<TrajectoryPoint> shown = TimePlot.PointsAt(run, times ?? [run.Trajectory.Start.Time, early]);
        Trajectory read = Read(run, [.. shown, .. TimePlot.PointsAt(run, [early])]);
        NeuronRace neurons = NeuronRace.Of(run.Experiment, read, early);
        ClusterRace cluster = neurons.Race.Clusters.MaxBy(cluster => cluster.Entrants.Count)!;
        IReadOnlyList<int> drawn = [.. Selection.Evenly(cluster.Entrants.Count, Selection.MostPoints).Select(rank => cluster.Entrants[rank])];
        Runner[][] panels = [.. shown.Select(point => RunnersAt(neurons.Ledger, neurons.Ledger.Points.ToList().IndexOf(point), drawn))];
        Channel color = Channel.Quantity("share") with
        {
            Scale = Scale.Between(0, 1) with { Range = [Palette.Guide, Palette.Saddle], Interpolate = "rgb" },
            Legend = new Legend { Orient = "top", Title = "‖a‖‖w‖ at the end over the largest", GradientLength = 160 },
        };
        int without = panels.Sum(panel => drawn.Count - panel.Length);
        string?[] remarks =
        [
            drawn.Count == cluster.Entrants.Count ? null : string.Create(CultureInfo.InvariantCulture, $"{drawn.Count:N0} of {cluster.Entrants.Count:N0} neurons of the cluster are drawn, evenly spaced in the order of the last ‖a‖‖w‖, the largest among them"),
            read.Points.Count == run.Trajectory.Points.Count ? null : string.Create(CultureInfo.InvariantCulture, $"which neurons are alive is read off {read.Points.Count:N0} of {run.Trajectory.Points.Count:N0} saved points, evenly spaced but for those shown"),
            without == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{without} neurons without a target at the time of their panel are left out"),
        ];
        return new Figure
        {
            Name = Name,
            Heading = "Race in the largest cluster",
            Description = Describe(run, cluster, shown),
            Remarks = [.. remarks.OfType<string>()],
            View = new View
            {
                Spacing = 8,
                Vconcat = [.. panels.Select((panel, i) => Panel(panel, TimePlot.InWords(shown[i].Time), color, labelled: i == panels.Length - 1))],
            },
        };
    }

    // The ledger reads every neuron at every point that it is given, which of many points takes seconds.
    private static Trajectory Read(RunResult run, IReadOnlyList<TrajectoryPoint> needed)
    {
        IReadOnlyList<TrajectoryPoint> all = run.Trajectory.Points;
        return run.Trajectory with { Points = [.. Selection.Evenly(all.Count, MostPointsRead).Select(i => all[i]).Concat(needed).Distinct().OrderBy(point => point.Time)] };
    }

    private static Runner[] RunnersAt(NeuronLedger ledger, int point, IReadOnlyList<int> neurons)
    {
        int end = ledger.Points.Count - 1;
        return
        [
            .. neurons.Select(j => (Now: ledger[point, j], Last: ledger[end, j])).Where(pair => double.IsFinite(pair.Now.Angle) && double.IsFinite(pair.Now.LogNormProduct))
                .Select(pair => new Runner(pair.Now.Angle / Degree, pair.Now.LogNormProduct / s_decade, pair.Now.LogHeadStart, Math.Exp(pair.Last.LogNormProduct - ledger[end, neurons[0]].LogNormProduct))),
        ];
    }

    private static View Panel(Runner[] runners, string time, Channel color, bool labelled)
    {
        (double left, double right) = RangeOf(runners.Select(runner => runner.Angle), least: 1e-6);
        (double low, double high) = RangeOf(runners.Select(runner => runner.Product), least: 0.05);
        left = Math.Max(0, left);
        var axes = new Encoding
        {
            X = Channel.Quantity("angle") with { Scale = Scale.Between(left, right), Axis = new Axis { Title = labelled ? "angle δ to the target (degrees)" : "", TickCount = 5 } },
            Y = Channel.Quantity("product") with { Scale = Scale.Between(low, high), Axis = new Axis { Title = $"log₁₀ ‖a‖‖w‖ at t = {time}", TickCount = 5, MinExtent = 34 } },
        };
        return new View
        {
            Width = PlotWidth,
            Height = PlotHeight,
            Layer =
            [
                new View
                {
                    Data = new Rows([.. LinesOfOneHeadStart(runners, (left, right))]),
                    Mark = new Mark("line") { Color = Palette.Predicted, StrokeDash = [4, 3], StrokeWidth = 0.9, Clip = true },
                    Encoding = axes with { Detail = Channel.Category("line"), Order = Channel.Quantity("angle") },
                },
                new View
                {
                    Data = new Rows([.. runners.OrderBy(runner => runner.Share).Select(runner => (object)new { angle = runner.Angle, product = runner.Product, share = runner.Share })]),
                    Mark = new Mark("point") { Filled = true, Size = 20, Opacity = 0.9 },
                    Encoding = axes with { Color = color },
                },
            ],
        };
    }

    // What a plot shows: the values with some margin.
    private static (double Low, double High) RangeOf(IEnumerable<double> values, double least)
    {
        double low = values.DefaultIfEmpty(0).Min(), high = values.DefaultIfEmpty(0).Max(), margin = Math.Max(least, 0.06 * (high - low));
        return (low - margin, high + margin);
    }

    // ln ‖a‖‖w‖ = H − 2 ln(1 + cos δ), which is so for balanced neurons alone.
    private static IEnumerable<object> LinesOfOneHeadStart(Runner[] runners, (double Left, double Right) angles)
    {
        if (runners.Length < 2 || runners.Any(runner => !(Math.Abs(runner.HeadStart - (runner.Product * s_decade) - Gain(runner.Angle)) <= SeenDeparture)))
        {
            yield break;
        }

        double low = runners.Min(runner => runner.HeadStart), high = runners.Max(runner => runner.HeadStart);
        for (int line = 0; line < Lines; line++)
        {
            double headStart = low + ((line + 0.5) * (high - low) / Lines);
            for (int i = 0; i < PointsOfLine; i++)
            {
                double angle = angles.Left + ((angles.Right - angles.Left) * i / (PointsOfLine - 1));
                yield return new { line, angle, product = (headStart - Gain(angle)) / s_decade };
            }
        }

        static double Gain(double angle) => 2 * Math.Log(1 + Math.Cos(angle * Degree));
    }

    private static string Describe(RunResult run, ClusterRace cluster, IReadOnlyList<TrajectoryPoint> shown)
    {
        string correlation = cluster.Spearman is { } spearman ? string.Create(CultureInfo.InvariantCulture, $" Head starts at t = {TimePlot.InWords(run.Summary.Race!.EarlyTime)} have rank correlation {spearman:G6} with the norm products at the end.") : "";
        return $"Norm product against the angle to the target for the {cluster.Entrants.Count} neurons of the largest cluster of {run.Summary.Experiment}, at t = {string.Join(", ", shown.Select(point => TimePlot.InWords(point.Time)))}; the stronger the colour, the larger the norm product at the end; neurons on one dashed line have one head start.{correlation}";
    }
}
