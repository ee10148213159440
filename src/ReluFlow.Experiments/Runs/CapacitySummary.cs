using ReluFlow.Capacity;

namespace ReluFlow.Experiments.Runs;

/// <summary>How small a network has the function of the last one, as <c>summary.json</c> keeps it.</summary>
/// <remarks>Working definitions of ours [H]; the principle is that of [Race].</remarks>
public sealed record CapacitySummary
{
    /// <summary>The change of the outputs on the training inputs that <c>effective_width</c> allows: root mean square over root mean square; a choice of ours.</summary>
    public const double DefaultTolerance = 0.01;

    /// <summary>That change.</summary>
    public required double Tolerance { get; init; }

    /// <summary>The least width at which a bound guarantees it; <c>effective_width</c> is the least width at which it was measured.</summary>
    public required int GuaranteedWidth { get; init; }

    /// <summary>Occupied cells: different activation patterns of the neurons on the training inputs. Neurons of one cell and one outgoing direction can be merged without any change there.</summary>
    public required int Cells { get; init; }

    internal static (CapacitySummary Summary, int EffectiveWidth) Of(ReductionPath path)
    {
        EffectiveWidth width = EffectiveWidth.Along(path, [DefaultTolerance])[0];
        var summary = new CapacitySummary
        {
            Tolerance = DefaultTolerance,
            GuaranteedWidth = width.Guaranteed,
            Cells = GateCell.Of(path.Start.Original, path.Start.Inputs).Count,
        };
        return (summary, width.Measured);
    }
}
