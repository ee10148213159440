using System.Numerics.Tensors;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>A unit vector u as a neuron of either sign: the outputs of σ(⟨u, ·⟩) on the rays.</summary>
/// <param name="Direction">u, of length r.</param>
/// <param name="Face">The face that u lies in, along which it may be moved.</param>
/// <param name="Outputs">σ(⟨u, x_k⟩) of every ray.</param>
internal sealed record Atom(double[] Direction, Face Face, double[] Outputs)
{
    /// <summary>The atom at a unit vector of a face.</summary>
    public static Atom At(double[] direction, Face face, double[][] rays) =>
        new(direction, face, [.. rays.Select((ray, k) => face.Signs[k] > 0 ? Math.Max(0, TensorPrimitives.Dot<double>(direction, ray)) : 0)]);

    /// <summary>φ_μ(u) = Σ_k μ_k σ(⟨u, x_k⟩).</summary>
    public double Correlation(ReadOnlySpan<double> multipliers) => TensorPrimitives.Dot(multipliers, Outputs);
}
