using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Reports;

/// <summary>The figures of a run for a page, and what the page needs to move them.</summary>
internal sealed class PageFigures
{
    public PageFigures(RunResult run)
    {
        IReadOnlyList<TrajectoryPoint> points = ReportFrames.PointsOf(run);
        FunctionPlot? function = FunctionPlot.WhyNot(run) is null ? new FunctionPlot(run, points) : null;
        RaceFrames? race = null;
        CosineFrames? cosines = null;
        All =
        [
            .. RunFigures.All.Where(kind => kind.WhyNot(run) is null).Select(Figure? (kind) =>
            {
                switch (kind)
                {
                    case RaceFigure:
                        (Figure Figure, RaceFrames Frames)? moving = RaceFigure.DrawMoving(run, points);
                        race = moving?.Frames;
                        return moving?.Figure;
                    case FunctionFigure:
                        return FunctionFigure.DrawMoving(run, function!);
                    case CosinesFigure:
                        (Figure matrix, cosines) = CosinesFigure.DrawMoving(run, points);
                        return matrix;
                    default:
                        return kind.Draw(run);
                }
            }).OfType<Figure>(),
        ];
        Frames = ReportFrames.Of(run, points, function) with { Race = race, Cosines = cosines };
    }

    /// <summary>The figures, in the order of the page.</summary>
    public IReadOnlyList<Figure> All { get; }

    /// <summary>What moves.</summary>
    public ReportFrames Frames { get; }
}
