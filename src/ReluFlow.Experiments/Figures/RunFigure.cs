using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Figures;

/// <summary>A kind of figure that can be drawn of a run.</summary>
public abstract class RunFigure
{
    /// <summary>The name by which it is asked for.</summary>
    public abstract string Name { get; }

    /// <summary>What it shows, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>How many times can be chosen for it; 0 for a figure of the whole run.</summary>
    public virtual int TimesTaken => 0;

    /// <summary>Why a run has no such figure; null where it has one.</summary>
    public virtual string? WhyNot(RunResult run) => null;

    /// <summary>Draws the figure of a run.</summary>
    /// <param name="run">A run for which <see cref="WhyNot"/> is null.</param>
    /// <param name="times">The times to show, for a figure of chosen times; null for those that the figure chooses itself.</param>
    public abstract Figure Draw(RunResult run, IReadOnlyList<double>? times = null);
}
