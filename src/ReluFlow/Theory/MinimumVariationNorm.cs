using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>How the search for the minimum variation norm ended.</summary>
public enum VariationNormStatus
{
    /// <summary>The bounds agree within the tolerance.</summary>
    Solved,

    /// <summary>No network interpolates the data; <see cref="MinimumVariationNorm.Message"/> says why.</summary>
    Infeasible,

    /// <summary>The bounds are what was found; they differ by more than the tolerance.</summary>
    NotConverged,
}

/// <summary>By which route the minimum variation norm was found.</summary>
public enum VariationNormMethod
{
    /// <summary>The closed form for orthogonal inputs.</summary>
    OrthogonalInputs,

    /// <summary>Column generation with the exact maximum over all cells of the arrangement of the inputs.</summary>
    Arrangement,

    /// <summary>Column generation with local maxima only.</summary>
    LocalSearch,
}

/// <summary>min Σ_j |a_j| ‖w_j‖ over networks with f(x_k) = y_k: bounds from both sides, with what attains them.</summary>
/// <remarks>Source: theory of the dual in [PE]; the closed form for orthogonal inputs as in <see cref="OrthogonalPredictions"/>.</remarks>
public sealed record MinimumVariationNorm
{
    /// <summary>How the search ended.</summary>
    public required VariationNormStatus Status { get; init; }

    /// <summary>By which route.</summary>
    public required VariationNormMethod Method { get; init; }

    /// <summary>The norm of <see cref="Network"/>, an upper bound; +∞ where there is none.</summary>
    public required double Primal { get; init; }

    /// <summary>⟨μ, y⟩, a lower bound as far as max |Σ μ_k σ(⟨u, x_k⟩)| over unit u is known; +∞ where no network interpolates.</summary>
    public required double Dual { get; init; }

    /// <summary>Whether both bounds are proved up to rounding, by a network that interpolates and an exact inner maximum, and agree within the tolerance.</summary>
    public required bool Certified { get; init; }

    /// <summary>A balanced network that interpolates with norm <see cref="Primal"/> (a single neuron 0 where y = 0); null where none was found.</summary>
    public required ReluNetwork? Network { get; init; }

    /// <summary>μ, length n, with |Σ_k μ_k σ(⟨u, x_k⟩)| ≤ 1 for every unit vector u (found, unless <see cref="Certified"/>); empty where no network interpolates.</summary>
    public required IReadOnlyList<double> Multipliers { get; init; }

    /// <summary>The largest |f(x_k) − y_k| of <see cref="Network"/>; NaN where there is none.</summary>
    public required double InterpolationError { get; init; }

    /// <summary>One line on why there is no result or none within the tolerance; null otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>Primal − dual, negative by no more than rounding; NaN where no network interpolates.</summary>
    public double Gap => Primal - Dual;

    /// <summary><see cref="Gap"/> over primal; 0 where both are 0, NaN where no network interpolates.</summary>
    public double RelativeGap => Primal == 0 && Dual == 0 ? 0 : Gap / Primal;

    /// <summary>How much a network's variation norm exceeds the minimum: norm/primal − 1, so 0 at the minimum and 1 at twice it; NaN where the minimum is 0 or unknown.</summary>
    /// <param name="variationNorm">Σ_j |a_j| ‖w_j‖ of a network, as <see cref="ReluNetwork.VariationNorm"/>.</param>
    public double Excess(double variationNorm) => Primal > 0 && double.IsFinite(Primal) ? (variationNorm / Primal) - 1 : double.NaN;

    /// <summary>Returns this result where it is <see cref="VariationNormStatus.Solved"/>.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says why.</exception>
    public MinimumVariationNorm ThrowIfFailed() => Status == VariationNormStatus.Solved ? this : throw new InvalidOperationException($"{Status}: {Message}.");
}
