using System.Numerics.Tensors;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>The exact maximum, by the faces of the arrangement of the hyperplanes ⟨u, x_k⟩ = 0.</summary>
/// <remarks>
/// On a face φ_μ is ⟨u, v⟩ with v = Σ_{⟨u,x_k⟩&gt;0} μ_k x_k. A maximiser over all unit vectors lies in the relative interior of one face and there is
/// ±Pv/‖Pv‖, P the projection on the span of that face. So the maximum is attained among these candidates; φ_μ itself is evaluated at each that can win,
/// so a candidate outside of its face does no harm.
/// </remarks>
internal sealed class CellMaximum(double[][] rays, Arrangement arrangement) : IMaximum
{
    /// <summary>The atoms along the extreme rays: φ_μ is linear on every cell, so it is zero where it is zero on these.</summary>
    public IReadOnlyList<Atom> FirstAtoms { get; } = [.. arrangement.Faces.Where(face => face.Basis.Length == 1).Select(face => Along(face, rays))];

    /// <summary>Cost O(n r) a face.</summary>
    public (double Value, IReadOnlyList<Atom> Above) Find(double[] multipliers, double level)
    {
        double largest = 0;
        var above = new List<(double Value, Atom Atom)>();
        foreach (Face face in arrangement.Faces)
        {
            double[] coordinates = face.Gradient(rays, multipliers);
            double norm = TensorPrimitives.Norm<double>(coordinates);
            if (norm <= Math.Min(largest, level))
            {
                continue;
            }

            double[] candidate = OrthonormalBasis.Combine(face.Basis, coordinates, rays[0].Length);
            TensorPrimitives.Divide(candidate, TensorPrimitives.Norm<double>(candidate), candidate);
            double[] opposite = [.. candidate.Select(coordinate => -coordinate)];
            foreach (double[] u in (double[][])[candidate, opposite])
            {
                largest = Math.Max(largest, norm > largest ? Math.Abs(Evaluate(multipliers, u)) : 0);
                if (norm > level && face.Closes(u, rays))
                {
                    above.Add((norm, Atom.At(u, face, rays)));
                }
            }
        }

        return (largest, [.. above.OrderByDescending(found => found.Value).Select(found => found.Atom)]);
    }

    private static Atom Along(Face ray, double[][] rays)
    {
        double[] u = ray.Basis[0];
        return Atom.At(ray.Closes(u, rays) ? u : [.. u.Select(coordinate => -coordinate)], ray, rays);
    }

    private double Evaluate(double[] multipliers, double[] u)
    {
        double sum = 0;
        for (int k = 0; k < rays.Length; k++)
        {
            sum += multipliers[k] * Math.Max(0, TensorPrimitives.Dot<double>(u, rays[k]));
        }

        return sum;
    }
}
