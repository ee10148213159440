using ReluFlow.Theory;

namespace ReluFlow.Experiments.Runs;

/// <summary>The alignment of a run's neurons with their targets s_j D_j, as <c>summary.json</c> keeps it.</summary>
public sealed record AlignmentSummary
{
    /// <summary>The angle within which a neuron counts as aligned, in radians; a choice of ours.</summary>
    public const double DefaultAngle = 0.1;

    /// <summary>That angle.</summary>
    public required double Angle { get; init; }

    /// <summary>The share of aligned neurons, of those with a target, at the start.</summary>
    public required double Start { get; init; }

    /// <summary>The largest share over the kept points; neurons whose samples are fitted have no target any more and do not count.</summary>
    public required double Largest { get; init; }

    /// <summary>The first kept time at which half of them are aligned; null where none is.</summary>
    public double? HalfAligned { get; init; }

    /// <summary>How many neurons have a fitted rate of tan(θ/2) in the early phase.</summary>
    public required int Fitted { get; init; }

    /// <summary>The median over them of rate / ‖D_j‖, which is 1 in theory for a balanced neuron; null where there is none.</summary>
    public double? RateOverPull { get; init; }

    internal static AlignmentSummary Of(TargetAlignment alignment)
    {
        double[] ratios = [.. alignment.Rates.Select(rate => rate.Rate / rate.Pull).Order()];
        return new AlignmentSummary
        {
            Angle = alignment.Angle,
            Start = alignment.Points[0].Share,
            Largest = alignment.Points.Max(point => point.Share),
            HalfAligned = alignment.Points.FirstOrDefault(point => point.WithTarget > 0 && point.Share >= 0.5)?.Time,
            Fitted = ratios.Length,
            RateOverPull = ratios.Length == 0 ? null : (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2,
        };
    }
}
