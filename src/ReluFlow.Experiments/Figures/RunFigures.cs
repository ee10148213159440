using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Figures;

/// <summary>All kinds of figures of a run, in the order of a report.</summary>
public static class RunFigures
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<RunFigure> All { get; } =
    [
        new LossFigure(),
        new LogLossFigure(),
        new NormsFigure(),
        new DirectionsFigure(),
        new FunctionFigure(),
        new FunctionFramesFigure(),
        new GatesFigure(),
        new RaceFigure(),
        new CosinesFigure(),
        new ClustersFigure(),
        new ReductionFigure(),
        new ExcessNormFigure(),
        new JumpsFigure(),
    ];

    /// <summary>A kind by its name.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static RunFigure Find(string name) => All.FirstOrDefault(figure => figure.Name == name)
        ?? throw new InputException($"There is no figure '{name}'; there are {string.Join(", ", All.Select(figure => figure.Name))}.");

    /// <summary>Draws a figure by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="run">The run.</param>
    /// <param name="times">The times to show, for a figure of chosen times; null for those that it chooses itself.</param>
    /// <exception cref="InputException">There is none of that name, or the run has none.</exception>
    public static Figure Draw(string name, RunResult run, IReadOnlyList<double>? times = null)
    {
        RunFigure figure = Find(name);
        return figure.WhyNot(run) is { } reason ? throw new InputException($"The run has no figure '{name}': {reason}.") : figure.Draw(run, times);
    }
}
