using ReluFlow.Networks;
using ReluFlow.Theory.Saddles;

namespace ReluFlow.Experiments.Runs;

/// <summary>One stay of a run near a stationary point, as <c>summary.json</c> keeps it. Working definitions of ours, see <see cref="SaddleTranscript"/>.</summary>
public sealed record SaddleSummary
{
    /// <summary>Flow time at which the stay begins.</summary>
    public required double Enter { get; init; }

    /// <summary>Flow time at which it ends; null where the run ended first.</summary>
    public double? Leave { get; init; }

    /// <summary>The same in units of ln(1/λ); NaN where the start has no scale λ &lt; 1.</summary>
    public double RescaledEnter { get; init; } = double.NaN;

    /// <summary>The same in units of ln(1/λ); null where the run ended first or the start has no scale λ &lt; 1.</summary>
    public double? RescaledLeave { get; init; }

    /// <summary>Flow time of the least ‖∇L‖ among the kept points, at which what follows is measured.</summary>
    public required double Time { get; init; }

    /// <summary>L.</summary>
    public required double Loss { get; init; }

    /// <summary>‖∇L‖, with the minimum-norm subgradient.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>ln ‖∇L‖, also where ‖∇L‖ underflows.</summary>
    public double LogGradientNorm { get; init; } = double.NaN;

    /// <summary>The neurons that became visible between this stay and the next.</summary>
    public required IReadOnlyList<int> Escaped { get; init; }

    /// <summary>Negative eigenvalues of the Hessian on the smooth piece; null where it is too large.</summary>
    public int? Index { get; init; }

    /// <summary>Its flat directions, those of the next three keys among them; null where it is too large.</summary>
    public int? Flat { get; init; }

    /// <summary>Flat directions from rescaling the layers of a visible neuron.</summary>
    public int? FlatRescalings { get; init; }

    /// <summary>Flat directions of neurons without an open gate.</summary>
    public int? FlatDead { get; init; }

    /// <summary>Flat directions of neurons embedded at zero.</summary>
    public int? FlatEmbedded { get; init; }

    /// <summary>Minus the least eigenvalue.</summary>
    public double? EscapeRate { get; init; }

    /// <summary>The summary of a stay.</summary>
    /// <param name="saddle">The stay.</param>
    /// <param name="scale">λ; null where the start has none below 1.</param>
    internal static SaddleSummary Of(Saddle saddle, LogNumber? scale) => new()
    {
        Enter = saddle.Enter,
        Leave = saddle.Leave,
        RescaledEnter = scale is { } known ? Saddle.Rescaled(saddle.Enter, known) : double.NaN,
        RescaledLeave = scale is { } given && saddle.Leave is { } leave ? Saddle.Rescaled(leave, given) : null,
        Time = saddle.Time,
        Loss = saddle.Loss,
        GradientNorm = saddle.GradientNorm,
        LogGradientNorm = saddle.LogGradientNorm,
        Escaped = saddle.Escaped,
        Index = saddle.Index,
        Flat = saddle.Flat,
        FlatRescalings = saddle.Spectrum?.Rescalings,
        FlatDead = saddle.Spectrum?.OfDeadNeurons,
        FlatEmbedded = saddle.Spectrum?.OfEmbeddedNeurons,
        EscapeRate = saddle.EscapeRate,
    };
}
