namespace ReluFlow.Experiments.Runs;

/// <summary>Bounds of the minimum variation norm of a run's data, <c>minimum_variation_norm</c> of a summary.</summary>
/// <param name="Primal">The norm of a network that interpolates.</param>
/// <param name="Dual">The lower bound.</param>
/// <param name="Certified">Whether the lower bound is proved, up to rounding, and meets the other.</param>
public sealed record VariationNormBounds(double Primal, double Dual, bool Certified);
