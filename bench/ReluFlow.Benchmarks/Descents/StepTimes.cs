namespace ReluFlow.Benchmarks.Descents;

/// <summary>What steps took, turn after turn.</summary>
internal sealed class StepTimes
{
    private readonly List<double> _wall = [], _processor = [];

    /// <summary>The least wall time of a step, s: what an idle machine would give.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    /// <summary>The median over turns of the processor time of a step, s, of all threads, those that wait for others included.</summary>
    public double Processor => Median(_processor);

    /// <summary>Adds a turn.</summary>
    public void Add(double processor, IReadOnlyCollection<double> seconds)
    {
        _wall.Add(Median(seconds));
        _processor.Add(processor / seconds.Count);
        Least = Math.Min(Least, seconds.Min());
    }

    /// <summary>The others' median step over ours: the median of the ratios of turns side by side, so that a busy spell of the machine meets both.</summary>
    public double PairedRatio(StepTimes theirs) => Median([.. theirs._wall.Zip(_wall, static (their, our) => their / our)]);

    private static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
