using System.Globalization;
using ReluFlow.Capacity;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Reductions;

/// <summary>One thing that a user asks to be done to a network to make it smaller.</summary>
/// <param name="Text">As it was asked for, such as <c>--merge gate</c>.</param>
public abstract record ReductionOperation(string Text)
{
    /// <summary>The options that name operations.</summary>
    public static IReadOnlyList<string> Options { get; } = ["--merge", "--prune", "--to"];

    /// <summary>What the options take, in the order of <see cref="Options"/>.</summary>
    public static IReadOnlyList<string> Forms { get; } =
    [
        "aligned[=COSINE] or gate[=DISTANCE]",
        $"inactive, share=S, {ReductionTarget.Forms}",
        ReductionTarget.Forms,
    ];

    /// <summary>Reads one.</summary>
    /// <param name="option">One of <see cref="Options"/>.</param>
    /// <param name="value">What follows it.</param>
    /// <exception cref="InputException">The value is none of those of the option.</exception>
    public static ReductionOperation Parse(string option, string value)
    {
        ArgumentNullException.ThrowIfNull(option);
        ArgumentNullException.ThrowIfNull(value);
        string text = $"{option} {value}";
        ReductionOperation? operation = option switch
        {
            "--merge" when Named(value, "aligned", 0.99) is > 0 and <= 1 and double cosine => new MergeAlignedOperation(text, cosine),
            "--merge" when Named(value, "gate", 0) is >= 0 and <= 1 and double distance => new MergeByGateOperation(text, distance),
            "--prune" when value == "inactive" => new PruneInactiveOperation(text),
            "--prune" when Named(value, "share", null) is >= 0 and < 1 and double share => new PruneShareOperation(text, share),
            "--prune" when ReductionTarget.Parse(value) is { } target => new PruneOperation(text, target),
            "--to" when ReductionTarget.Parse(value) is { } target => new PathOperation(text, target),
            _ => null,
        };
        return operation ?? throw new InputException($"{option} is '{Excerpt.Of(value)}'; {ExpectedOf(option, value)}.");
    }

    /// <summary>Does it.</summary>
    /// <param name="before">What was reached so far.</param>
    /// <param name="measure">Measures networks on the data.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InputException">The target cannot be reached.</exception>
    internal abstract Reduction Apply(Reduction before, ReductionMeasure measure, CancellationToken cancellation);

    // The range of a form that is meant, or all forms.
    private static string ExpectedOf(string option, string value)
    {
        string name = value.Split('=')[0], forms = Forms[Options.ToList().IndexOf(option)];
        return forms.Contains(name + "=", StringComparison.Ordinal) || forms.Contains(name + "[=", StringComparison.Ordinal)
            ? name switch
            {
                "aligned" => "aligned=COSINE with a cosine in (0, 1] is expected",
                "gate" => "gate=DISTANCE with a distance in [0, 1] is expected",
                "share" => "share=S with a share in [0, 1) is expected",
                "width" => "width=M with a whole number M ≥ 1 is expected",
                "accuracy" => "accuracy=A with A in (0, 1] is expected",
                _ => $"{name}=E with a number E ≥ 0 is expected, such as 0.01 for a hundredth",
            }
            : $"{forms} is expected";
    }

    // NAME or NAME=number; null for anything else.
    private static double? Named(string value, string name, double? standard) => value == name ? standard
        : value.StartsWith(name + "=", StringComparison.Ordinal) && double.TryParse(value.AsSpan(name.Length + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
        : null;
}

/// <summary>Merges neurons whose incoming weights have at least a cosine with the strongest of their cluster.</summary>
internal sealed record MergeAlignedOperation(string Text, double Cosine) : ReductionOperation(Text)
{
    internal override Reduction Apply(Reduction before, ReductionMeasure measure, CancellationToken cancellation) =>
        before.MergeAligned(NeuronClusters.Of(before.Network, new ClusterOptions { Cosine = Cosine, Directions = WeightDirections.Incoming }));
}

/// <summary>Merges neurons of one activation pattern on the training data and one outgoing direction.</summary>
internal sealed record MergeByGateOperation(string Text, double Distance) : ReductionOperation(Text)
{
    internal override Reduction Apply(Reduction before, ReductionMeasure measure, CancellationToken cancellation) => before.MergeByGate(Distance);
}

/// <summary>Removes neurons that are active on no training sample.</summary>
internal sealed record PruneInactiveOperation(string Text) : ReductionOperation(Text)
{
    internal override Reduction Apply(Reduction before, ReductionMeasure measure, CancellationToken cancellation) => before.PruneInactive();
}

/// <summary>Removes the neurons of least ‖a‖‖w‖ whose sum is at most a share of that of all.</summary>
internal sealed record PruneShareOperation(string Text, double Share) : ReductionOperation(Text)
{
    internal override Reduction Apply(Reduction before, ReductionMeasure measure, CancellationToken cancellation)
    {
        int[] weakest = PruneOperation.WeakestFirst(before);
        double largest = before.Network.LogNormProduct(weakest[^1]);
        double[] products = [.. weakest.Select(j => double.IsFinite(largest) ? Math.Exp(before.Network.LogNormProduct(j) - largest) : 0)];
        double allowed = Share * products.Sum(), sum = 0;
        return before.Prune([.. weakest.SkipLast(1).TakeWhile((_, i) => (sum += products[i]) <= allowed)]);
    }
}

/// <summary>Removes the neurons of least ‖a‖‖w‖, as many as a target allows.</summary>
internal sealed record PruneOperation(string Text, ReductionTarget Target) : ReductionOperation(Text)
{
    internal override Reduction Apply(Reduction before, ReductionMeasure measure, CancellationToken cancellation)
    {
        measure.RequireReachable(before, Target, Text);
        int[] weakest = WeakestFirst(before);
        if (Target.Kind == ReductionTargetKind.Width)
        {
            return before.Prune(weakest.Take(weakest.Length - (int)Target.Value));
        }

        // By bisection: what was measured need not change from neuron to neuron in one direction. It holds after `done` and not after `excess`.
        int done = 0, excess = weakest.Length;
        Reduction best = before;
        while (excess - done > 1)
        {
            cancellation.ThrowIfCancellationRequested();
            int middle = done + ((excess - done) / 2);
            Reduction candidate = before.Prune(weakest.Take(middle));
            if (measure.Meets(candidate, Target))
            {
                (done, best) = (middle, candidate);
            }
            else
            {
                excess = middle;
            }
        }

        return best;
    }

    public static int[] WeakestFirst(Reduction reduction) => [.. Enumerable.Range(0, reduction.Network.Width).OrderBy(reduction.Network.LogNormProduct)];
}

/// <summary>Removes and merges along the <see cref="ReductionPath"/>, the cheapest step first, as far as a target allows.</summary>
internal sealed record PathOperation(string Text, ReductionTarget Target) : ReductionOperation(Text)
{
    internal override Reduction Apply(Reduction before, ReductionMeasure measure, CancellationToken cancellation)
    {
        measure.RequireReachable(before, Target, Text);
        if (Target.Kind == ReductionTargetKind.Width && Target.Value >= before.Network.Width)
        {
            return before;
        }

        var path = ReductionPath.Of(before, cancellation);
        return Target.Kind switch
        {
            ReductionTargetKind.Width => path.ToWidth((int)Target.Value),
            ReductionTargetKind.Error => path.ToWidth(EffectiveWidth.Along(path, [Target.Value], cancellation)[0].Measured),
            ReductionTargetKind.Bound => path.ToWidth(EffectiveWidth.Along(path, [Target.Value], cancellation)[0].Guaranteed),
            _ => path.ToScore(network => measure.TrainingAccuracy(network) ?? double.NaN, Target.Value),
        };
    }
}
