using ReluFlow.Networks;

namespace ReluFlow.Theory.Saddles;

/// <summary>A stationary point that a trajectory comes near to and, if it is a saddle, leaves again.</summary>
/// <remarks>Working definitions of ours [H], see <see cref="SaddleTranscript"/>.</remarks>
public sealed record Saddle
{
    /// <summary>Flow time at which ‖∇L‖ falls below <see cref="SaddleTranscript.PeakShare"/> of the peak before; the trajectory's first time where there is none.</summary>
    public required double Enter { get; init; }

    /// <summary>Flow time at which ‖∇L‖ rises above that share of the peak after; null where the trajectory ends first.</summary>
    public double? Leave { get; init; }

    /// <summary>Flow time of the kept point with the least ‖∇L‖, at which all below is measured.</summary>
    public required double Time { get; init; }

    /// <summary>L.</summary>
    public required double Loss { get; init; }

    /// <summary>ln ‖∇L‖ with the minimum-norm subgradient; −∞ where it vanishes.</summary>
    public required double LogGradientNorm { get; init; }

    /// <summary>‖∇L‖; 0 where it underflows.</summary>
    public double GradientNorm => Math.Exp(LogGradientNorm);

    /// <summary>The neurons that are visible.</summary>
    public required IReadOnlyList<int> Visible { get; init; }

    /// <summary>The neurons that are not visible here and are at the next stationary point, in order; empty where the saddle is not left.</summary>
    public required IReadOnlyList<int> Escaped { get; init; }

    /// <summary>The Hessian's eigenvalues; null where it is too large.</summary>
    public required HessianSpectrum? Spectrum { get; init; }

    /// <summary>Rates below it do not show while the trajectory is here: one over the duration of the stay.</summary>
    public required double Resolution { get; init; }

    /// <summary>The number of eigenvalues below −<see cref="Resolution"/>; null where there is no spectrum.</summary>
    public int? Index => Spectrum?.Index(Resolution);

    /// <summary>The number of eigenvalues within <see cref="Resolution"/> of 0; null where there is no spectrum.</summary>
    public int? Flat => Spectrum?.Flat(Resolution);

    /// <summary>How fast the steepest direction grows away from here: minus the least eigenvalue; null where there is no spectrum.</summary>
    public double? EscapeRate => -Spectrum?.Least;

    /// <summary>A time in units of ln(1/λ): τ = t / ln(1/λ).</summary>
    /// <exception cref="ArgumentOutOfRangeException">λ is not below 1.</exception>
    public static double Rescaled(double time, LogNumber scale) => scale.Log < 0
        ? time / -scale.Log
        : throw new ArgumentOutOfRangeException(nameof(scale), scale.Value, $"The scale is {scale}; a number below 1 is expected.");
}
