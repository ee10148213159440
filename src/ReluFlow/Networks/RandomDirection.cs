namespace ReluFlow.Networks;

/// <summary>A uniformly random unit vector, or one of those orthogonal to some others.</summary>
internal static class RandomDirection
{
    /// <summary>
    /// Writes a random unit vector of length d that is orthogonal to the rows of <paramref name="others"/>: a Gaussian vector less its projections (Gram–Schmidt).
    /// </summary>
    /// <param name="direction">Where the vector goes, length d.</param>
    /// <param name="others">Fewer than d orthonormal rows of length d; none for any direction.</param>
    /// <param name="stream">The stream of the draw.</param>
    public static void Draw(Span<double> direction, ReadOnlySpan<double> others, RandomStream stream)
    {
        int d = direction.Length;
        for (int i = 0; i < d; i++)
        {
            direction[i] = stream.NextNormal();
        }

        // Subtracting the projections twice brings the inner products to rounding level even where little of the first draw is left;
        // plain loops keep the bits independent of the SIMD width.
        for (int pass = 0; pass < 2; pass++)
        {
            Normalize(direction);
            for (int start = 0; start < others.Length; start += d)
            {
                ReadOnlySpan<double> other = others.Slice(start, d);
                double projection = Dot(direction, other);
                for (int i = 0; i < d; i++)
                {
                    direction[i] -= projection * other[i];
                }
            }
        }

        Normalize(direction);
    }

    private static void Normalize(Span<double> v)
    {
        double norm = Math.Sqrt(Dot(v, v));
        foreach (ref double value in v)
        {
            value /= norm;
        }
    }

    private static double Dot(ReadOnlySpan<double> u, ReadOnlySpan<double> v)
    {
        double sum = 0;
        for (int i = 0; i < u.Length; i++)
        {
            sum += u[i] * v[i];
        }

        return sum;
    }
}
