using System.Globalization;
using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Experiments.Figures;

/// <summary>L of the run against τ = t / ln(1/λ) beside the jump process of the same start, the limit λ → 0. Source: [Jump].</summary>
internal sealed class JumpsFigure : RunFigure
{
    private const string Measured = "run", Limit = "λ → 0";

    public override string Name => "jumps";

    public override string Summary => "loss in rescaled time beside the jump process of the same start (orthogonal inputs)";

    public override string? WhyNot(RunResult run)
    {
        InitialSpec initial = run.Experiment.Spec.Initial;
        TrainingProblem problem = run.Experiment.Problem;
        return problem.Loss != Loss.Squared || problem.Data.OutputDimension != 1 ? "it needs the squared loss and one output"
            : initial.Scheme != InitialScheme.Balanced || !(initial.Scale.Log < 0) ? "it needs a balanced start of scale λ < 1"
            : OrthogonalAssumption.Check(problem.Data).Violation;
    }

    public override Figure Draw(RunResult run, IReadOnlyList<double>? times = null)
    {
        LogNumber scale = run.Experiment.Spec.Initial.Scale;
        var process = new JumpProcess(run.Experiment.Problem.Data, JumpComparison.StartAt(run.Experiment.Problem.Start, new LogNumber(-scale.Log)));
        IReadOnlyList<TrajectoryPoint> points = run.Trajectory.Points;
        double[] tau = [.. points.Select(point => point.Time / -scale.Log)], loss = [.. points.Select(point => point.Loss)];
        IReadOnlyList<double> levels = process.Path.PlateauLosses;
        double end = Math.Max(tau[^1] > 0 ? tau[^1] : 1, 1.1 * process.Path.Jumps.Select(jump => jump.RescaledTime).DefaultIfEmpty().Max());
        double top = 1.05 * Math.Max(loss.Max(), levels[0]);
        IReadOnlyList<int> seen = TimePlot.Seen(run, tau, loss, Theme.ColumnWidth / end, Theme.Height / top);
        (double Time, double Loss)[] steps = [(0, levels[0]), .. process.Path.Jumps.Select(jump => (jump.RescaledTime, jump.Loss)), (end, levels[^1])];
        var legend = new KeyedLegend(new LegendKey(Measured, Palette.Measured), new LegendKey(Limit, Palette.Predicted, Dash: [4, 3]));
        Encoding axes = new()
        {
            X = Channel.Quantity("tau") with { Scale = Scale.Between(0, end), Axis = new Axis { Title = "τ = t / ln(1/λ)", TickCount = 6 } },
            Y = Channel.Quantity("loss") with { Scale = Scale.Between(0, top), Axis = new Axis { Title = "L", TickCount = 5 } },
        };
        View Line(IEnumerable<object> rows, string entry, Mark mark) => new() { Data = new Rows([.. rows]), Mark = legend.Dashed(entry, mark), Encoding = axes with { Color = legend.ColorOf(entry) } };
        return new Figure
        {
            Name = Name,
            Heading = "Jump process and flow",
            Description = string.Create(CultureInfo.InvariantCulture, $"Loss of {run.Summary.Experiment} against rescaled time beside the limit λ → 0, which has {process.Path.Jumps.Count} jumps, at τ = {string.Join(", ", process.Path.Jumps.Select(jump => jump.RescaledTime.ToString("G4", CultureInfo.InvariantCulture)))}; here λ = {scale}."),
            Remarks = [.. ((string?[])[seen.Count < points.Count ? Polyline.Remark : null, TimePlot.RemarkOnPoints(run)]).OfType<string>()],
            View = new View
            {
                Width = Theme.ColumnWidth,
                Height = Theme.Height,
                Autosize = Autosize.Whole,
                Layer =
                [
                    Line(seen.Select(i => (object)new { tau = tau[i], loss = loss[i] }), Measured, TimePlot.Course(run)),

                    // Above the run, which would hide it where the two agree.
                    Line(steps.Select(step => (object)new { tau = step.Time, loss = step.Loss }), Limit, new Mark("line") { Interpolate = "step-after" }),
                    legend.Layer(),
                    TimePlot.Cursor("tau") with { Encoding = new Encoding { X = axes.X } },
                ],
            },
        };
    }
}
