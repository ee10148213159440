using ReluFlow.Benchmarks.Problems;

namespace ReluFlow.Benchmarks;

/// <summary>The runs of one contender on one problem.</summary>
internal sealed class Measurement(IContender contender)
{
    private readonly List<double> _wall = [], _processor = [], _process = [];

    /// <summary>Who ran.</summary>
    public IContender Contender => contender;

    /// <summary>How the last run ended; before the first, null.</summary>
    public Finish? Finish { get; private set; }

    /// <summary>Runs that count.</summary>
    public int Runs => _processor.Count;

    /// <summary>Wall time of the solve, s.</summary>
    public Spread Wall => Spread.Of(_wall);

    /// <summary>Processor time of the solve, s.</summary>
    public Spread Processor => Spread.Of(_processor);

    /// <summary>Wall time of whole processes, s; null where there were none.</summary>
    public Spread? Process => _process.Count > 0 ? Spread.Of(_process) : null;

    /// <summary>Runs once; <see cref="Count"/> makes the run count. Returns its processor time.</summary>
    public double Run(FlowProblem problem, TimeSpan limit) => (Finish = contender.Follow(problem, limit)).Cost.Processor;

    /// <summary>Counts the last run.</summary>
    public void Count()
    {
        _wall.Add(Finish!.Cost.Wall);
        _processor.Add(Finish.Cost.Processor);
        if (Finish.Process is double whole)
        {
            _process.Add(whole);
        }
    }

    /// <summary>Runs a contender of this process in one of its own, where it can.</summary>
    public void RunInOwnProcess(FlowProblem problem, TimeSpan limit)
    {
        if (contender.InOwnProcess?.Follow(problem, limit) is { Reached: true, Process: double whole })
        {
            _process.Add(whole);
        }
    }
}

/// <summary>Least and median of times, s.</summary>
internal sealed record Spread(double Least, double Median)
{
    /// <summary>Of at least one time.</summary>
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Spread(sorted[0], (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2);
    }
}
