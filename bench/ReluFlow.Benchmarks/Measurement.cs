using ReluFlow.Benchmarks.Problems;

namespace ReluFlow.Benchmarks;

/// <summary>The runs of one contender on one problem.</summary>
internal sealed class Measurement(IContender contender)
{
    private readonly List<Cost> _costs = [];

    /// <summary>Who ran.</summary>
    public IContender Contender => contender;

    /// <summary>How the last run ended; before the first, null.</summary>
    public Finish? Finish { get; private set; }

    /// <summary>Runs that count.</summary>
    public int Runs => _costs.Count;

    /// <summary>The medians of the runs that count.</summary>
    public Cost Cost => new(Median(_costs.Select(cost => cost.Wall)), Median(_costs.Select(cost => cost.Processor)));

    /// <summary>‖θ − θ'‖ / ‖θ'‖ at the end, θ' the reference.</summary>
    public double Error { get; private set; }

    /// <summary>Runs once; <see cref="Count"/> makes the run count. Returns its processor time.</summary>
    public double Run(FlowProblem problem, TimeSpan limit) => (Finish = contender.Follow(problem, limit)).Cost.Processor;

    /// <summary>Counts the last run.</summary>
    public void Count() => _costs.Add(Finish!.Cost);

    /// <summary>Compares the end with the reference.</summary>
    public void Compare(CertifiedReference reference) => Error = TrueWeights.RelativeDistance(Finish!.Network, reference.Network);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2;
    }
}
