using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>What a run from a start of scale λ shows of the jumps of a limit process: times, plateaus, who activates.</summary>
/// <remarks>Times and plateaus are those of <see cref="SaddleMeasurement"/> at the process's levels, a working definition of ours.</remarks>
public sealed class JumpMeasurement
{
    /// <summary>‖a_j‖ ‖w_j‖ above which a neuron was of order one already before a jump, relative to the largest after it.</summary>
    private const double Visible = 1e-2;

    private readonly JumpPath _path;

    /// <summary>Measures. Cost linear in the number of kept points.</summary>
    /// <param name="path">The limit process, with at least one jump.</param>
    /// <param name="scale">λ of the run, below 1.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="ArgumentException">The path has no jump.</exception>
    /// <exception cref="ArgumentOutOfRangeException">λ is not below 1.</exception>
    public JumpMeasurement(JumpPath path, LogNumber scale, Trajectory run)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(run);
        if (!(scale.Log < 0))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, $"The scale is {scale}; a number below 1 is expected.");
        }

        _path = path;
        Scale = scale;
        var saddles = new SaddleMeasurement(run, path.PlateauLosses);
        RescaledTimes = [.. saddles.JumpTimes.Select(time => time / -scale.Log)];
        PlateauLosses = [.. saddles.Plateaus.Select(plateau => plateau?.Loss)];
        ReluNetwork?[] networks = [.. saddles.Plateaus.Select(plateau => plateau is null ? null : run.Points.MinBy(point => Math.Abs(point.Time - plateau.Time))!.Network)];
        Leaders = [.. networks.Zip(networks.Skip(1), Leader)];
    }

    /// <summary>λ.</summary>
    public LogNumber Scale { get; }

    /// <summary>τ = t/ln(1/λ) of each jump; null for one that the run does not reach.</summary>
    public IReadOnlyList<double?> RescaledTimes { get; }

    /// <summary>L of each plateau, one more than there are jumps; null for one that the run does not reach.</summary>
    public IReadOnlyList<double?> PlateauLosses { get; }

    /// <summary>
    /// For each jump, of the neurons that were not of order one on the plateau before it, the one whose ‖a_j‖ ‖w_j‖ is larger by most on the plateau after;
    /// null where a plateau is not reached or no neuron is left.
    /// </summary>
    public IReadOnlyList<int?> Leaders { get; }

    /// <summary>Whether every jump came, in the process's order, led by a neuron that the process names.</summary>
    public bool SameOrder =>
        RescaledTimes.All(time => time is not null)
        && RescaledTimes.Zip(RescaledTimes.Skip(1)).All(pair => pair.First <= pair.Second)
        && Leaders.Zip(_path.Jumps).All(pair => pair.First is int leader && pair.Second.Neurons.Contains(leader));

    /// <summary>The largest |L_measured − L_predicted| over the plateaus, relative to L at θ = 0; +∞ where one is not reached.</summary>
    public double PlateauDeviation => PlateauLosses.Zip(_path.PlateauLosses, (measured, level) => Math.Abs((measured ?? double.PositiveInfinity) - level)).Max() / _path.FirstLoss;

    private static int? Leader(ReluNetwork? before, ReluNetwork? after)
    {
        if (before is null || after is null)
        {
            return null;
        }

        IEnumerable<int> neurons = Enumerable.Range(0, after.Width);
        double visible = neurons.Max(after.LogNormProduct) + Math.Log(Visible);
        return neurons.Where(j => before.LogNormProduct(j) < visible)
            .Select(j => (int?)j)
            .MaxBy(j => Math.Exp(after.LogNormProduct(j!.Value)) - Math.Exp(before.LogNormProduct(j.Value)));
    }
}
