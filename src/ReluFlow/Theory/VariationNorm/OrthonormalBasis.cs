using System.Numerics.Tensors;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>Orthonormal bases of spans, as arrays of vectors.</summary>
internal static class OrthonormalBasis
{
    /// <summary>An orthonormal basis of the span of unit vectors, the one that sticks out most taken first. Cost O(n d r).</summary>
    /// <param name="vectors">n vectors of one length d.</param>
    /// <param name="tolerance">A vector that sticks out by less lies in the span.</param>
    public static double[][] Of(IReadOnlyList<double[]> vectors, double tolerance)
    {
        var basis = new List<double[]>();
        double[][] rest = [.. vectors.Select(vector => vector.ToArray())];
        while (rest.Length > 0)
        {
            double[] farthest = rest.MaxBy(vector => TensorPrimitives.SumOfSquares<double>(vector))!;
            double[] next = farthest.ToArray();

            // The second pass restores the orthogonality that cancellation costs.
            RemoveSpan(basis, next);
            double norm = TensorPrimitives.Norm<double>(next);
            if (norm <= tolerance)
            {
                break;
            }

            TensorPrimitives.Divide(next, norm, next);
            RemoveSpan(basis, next);
            TensorPrimitives.Divide(next, TensorPrimitives.Norm<double>(next), next);
            basis.Add(next);
            foreach (double[] vector in rest)
            {
                RemoveSpan([next], vector);
            }
        }

        return [.. basis];
    }

    /// <summary>The coordinates of a vector's projection on a basis.</summary>
    public static double[] Coordinates(double[][] basis, ReadOnlySpan<double> vector)
    {
        var coordinates = new double[basis.Length];
        for (int i = 0; i < coordinates.Length; i++)
        {
            coordinates[i] = TensorPrimitives.Dot(basis[i], vector);
        }

        return coordinates;
    }

    /// <summary>Σ_i coordinates_i basis_i, of length <paramref name="dimension"/>.</summary>
    public static double[] Combine(double[][] basis, ReadOnlySpan<double> coordinates, int dimension)
    {
        var sum = new double[dimension];
        for (int i = 0; i < basis.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(basis[i], coordinates[i], sum, sum);
        }

        return sum;
    }

    /// <summary>A basis of the vectors of a span that are orthogonal to one of its unit vectors: one vector fewer.</summary>
    public static double[][] Orthogonal(double[][] basis, double[] normal)
    {
        // The basis vector nearest the normal is the one to give up.
        int nearest = Enumerable.Range(0, basis.Length).MaxBy(i => Math.Abs(TensorPrimitives.Dot<double>(basis[i], normal)));
        var kept = new List<double[]> { normal };
        foreach (double[] vector in basis.Where((_, i) => i != nearest))
        {
            double[] next = vector.ToArray();
            for (int pass = 0; pass < 2; pass++)
            {
                RemoveSpan(kept, next);
                TensorPrimitives.Divide(next, TensorPrimitives.Norm<double>(next), next);
            }

            kept.Add(next);
        }

        return [.. kept.Skip(1)];
    }

    /// <summary>Subtracts from a vector its projection on a basis.</summary>
    public static void RemoveSpan(IReadOnlyList<double[]> basis, double[] vector)
    {
        foreach (double[] unit in basis)
        {
            TensorPrimitives.MultiplyAdd(unit, -TensorPrimitives.Dot<double>(unit, vector), vector, vector);
        }
    }
}
