using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Capacity;

/// <summary>One point of a <see cref="ReductionPath"/>.</summary>
/// <param name="Width">Neurons left.</param>
/// <param name="Bound">Of the change from the original network to this one, rounding included, as <see cref="Reduction.Bound"/> has it.</param>
public sealed record ReductionPathPoint(int Width, ChangeBound Bound);

/// <summary>
/// All widths that a network can be reduced to by single steps, each the cheapest one at hand: a neuron is removed, or two are merged along their mean, whichever has the smaller
/// coefficient. Made once, it answers for any target.
/// </summary>
/// <remarks>
/// Costs are p_j for removing j and p_i s(θ_i) + p_j s(θ_j) for merging i and j, see <see cref="Reduction.MergeAligned(IEnumerable{IReadOnlyList{int}})"/>; of equal costs removing
/// comes first, then the neuron that is older. Merges by gate, which are exact, belong before a path. The greedy order is a working definition of ours: the bounds hold, but a
/// smaller network within the same bound may exist.
/// </remarks>
public sealed class ReductionPath
{
    private readonly IReadOnlyList<GreedyStep> _steps;

    private ReductionPath(Reduction start, IReadOnlyList<GreedyStep> steps)
    {
        Start = start;
        _steps = steps;
        Points = PointsOf(start, steps);
    }

    /// <summary>Where the path begins.</summary>
    public Reduction Start { get; }

    /// <summary>From the start's width down to 1, one neuron fewer each.</summary>
    public IReadOnlyList<ReductionPathPoint> Points { get; }

    /// <summary>Finds the path. Cost about m² d (a partner is looked for anew only when it is needed), memory O(m d).</summary>
    /// <param name="start">The network, or what other steps have made of it.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ReductionPath Of(Reduction start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        return new ReductionPath(start, GreedyReduction.Run(start.Network, cancellation));
    }

    /// <summary>The reduction to a width; its steps are single neurons and pairs. Cost O(m (d + c)).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A width below 1 or above that of the start.</exception>
    public Reduction ToWidth(int width)
    {
        int m = Start.Network.Width;
        if (width < 1 || width > m)
        {
            throw new ArgumentOutOfRangeException(nameof(width), width, $"The width is {width}; 1 to {m} is expected.");
        }

        var replay = new ReductionReplay(Start.Network);
        GreedyStep[] taken = [.. _steps.Take(m - width)];
        foreach (GreedyStep step in taken)
        {
            replay.Take(step);
        }

        return Start.ContinueWith(
            replay.Left,
            taken.Select((step, i) => new ReductionStep(step.IsMerge ? ReductionKind.MergeAligned : ReductionKind.Prune, m - i, m - i - 1, step.Bound)));
    }

    /// <summary>The smallest network of the path whose outputs provably change by at most a number on every training input: ‖f(x_k) − f̃(x_k)‖, rounding included.</summary>
    /// <returns>The start where no step is within the bound.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A change that is negative or not a number.</exception>
    public Reduction ToBound(double largestChange)
    {
        RequireChange(largestChange);
        return ToWidth(LeastWidth(point => point.Bound.AtTrainingInput(Start.LargestInputNorm) <= largestChange));
    }

    /// <summary>
    /// A network whose outputs, as measured, change by at most a number on every training input, while those of the next smaller one change by more: by bisection, since the change
    /// need not grow from width to width. Cost O(n m d log m).
    /// </summary>
    /// <returns>The start where it differs from the original by more already.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A change that is negative or not a number.</exception>
    public Reduction ToChange(double largestChange)
    {
        RequireChange(largestChange);
        return Bisect(reduction => reduction.Measure().Largest <= largestChange);
    }

    /// <summary>
    /// A network of the path whose score is at least a number, while that of the next smaller one is not: by bisection, since a score such as the accuracy on held-out samples need
    /// not fall from width to width. Costs log₂ m scores.
    /// </summary>
    /// <param name="score">Larger is better.</param>
    /// <param name="least">The least score.</param>
    /// <exception cref="ArgumentOutOfRangeException">The start's own score is below it, or one of the two is not a number.</exception>
    public Reduction ToScore(Func<ReluNetwork, double> score, double least)
    {
        ArgumentNullException.ThrowIfNull(score);
        double own = score(Start.Network);
        return own >= least
            ? Bisect(reduction => score(reduction.Network) >= least)
            : throw new ArgumentOutOfRangeException(nameof(least), least, $"A score of {least} is asked for; the network itself has {own}.");
    }

    /// <summary>
    /// The measured change from the original network at every point of the path. Each step touches one neuron or two, so all of it costs no more than some three evaluations
    /// of the network: O(n m d); memory O(n (d + c) + m).
    /// </summary>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<OutputChange> MeasureChanges(CancellationToken cancellation = default)
    {
        Matrix inputs = Start.Inputs;
        int c = Start.Network.OutputDimension;
        var difference = new double[inputs.Rows * c];
        var original = new double[difference.Length];
        Start.Network.Evaluate(inputs, difference);
        Start.Original.Evaluate(inputs, original);
        TensorPrimitives.Subtract(difference, original, difference);
        var changes = new List<OutputChange>(Points.Count) { OutputChange.Of(difference, inputs) };
        var replay = new ReductionReplay(Start.Network);
        foreach (GreedyStep step in _steps)
        {
            cancellation.ThrowIfCancellationRequested();
            replay.Take(step, (neuron, sign) => neuron.AddTo(difference, inputs, sign));
            changes.Add(OutputChange.Of(difference, inputs));
        }

        return changes;
    }

    /// <summary>The smallest width at which something holds; that of the start where it holds nowhere.</summary>
    internal int LeastWidth(Func<ReductionPathPoint, bool> holds) => Points.LastOrDefault(holds)?.Width ?? Start.Network.Width;

    private Reduction Bisect(Func<Reduction, bool> holds)
    {
        // It holds at `kept`, or that is the start, and not at `lost`.
        int kept = Start.Network.Width, lost = 0;
        Reduction best = Start;
        while (kept - lost > 1)
        {
            int middle = lost + ((kept - lost) / 2);
            Reduction candidate = ToWidth(middle);
            if (holds(candidate))
            {
                (kept, best) = (middle, candidate);
            }
            else
            {
                lost = middle;
            }
        }

        return best;
    }

    private static List<ReductionPathPoint> PointsOf(Reduction start, IReadOnlyList<GreedyStep> steps)
    {
        ReluNetwork original = start.Original;
        double originalRounding = Reduction.EvaluationRounding(original, original.Width, original.VariationNorm);
        var points = new List<ReductionPathPoint>(steps.Count + 1);
        var replay = new ReductionReplay(start.Network);
        double variationNorm = start.Network.VariationNorm;
        ChangeBound sum = start.StepBound;
        int width = start.Network.Width;
        AddPoint();
        foreach (GreedyStep step in steps)
        {
            replay.Take(step, (neuron, sign) => variationNorm += sign * neuron.Product);
            sum = sum.Plus(step.Bound);
            width--;
            AddPoint();
        }

        return points;

        void AddPoint() => points.Add(new ReductionPathPoint(
            width,
            sum.Plus(new ChangeBound(0, 0, originalRounding + Reduction.EvaluationRounding(original, width, Math.Max(0, variationNorm))))));
    }

    private static void RequireChange(double largestChange)
    {
        if (!(largestChange >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(largestChange), largestChange, $"The change is {largestChange}; a number ≥ 0 is expected.");
        }
    }
}
