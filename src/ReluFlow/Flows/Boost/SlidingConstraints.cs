using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <summary>The orthonormal basis of the boundaries that a neuron slides along, kept from one pass to the next.</summary>
/// <param name="Rays">K, increasing.</param>
/// <param name="Directions">The basis, |K| rows of length RankStride.</param>
/// <param name="Lower">The rays in the basis, |K| × |K|.</param>
/// <param name="Line">The one free direction; empty where there are more.</param>
internal sealed record SlidingBasis(int[] Rays, double[] Directions, double[] Lower, double[] Line);

/// <summary>The boundaries ⟨w, x_k⟩ = 0, k ∈ K, that one neuron slides along, as an orthonormal basis of span{x_k}.</summary>
/// <remarks>
/// While a neuron slides, D_eff = D₀ + Σ_K c_k x_k is D₀ without its part in span{x_k}; θ_k = c_k / b_k must stay in [0, 1].
/// Where one free dimension is left the basis is built in the order of k, so that neurons on the same boundaries get the same bits. Source: [Filippov].
/// </remarks>
internal sealed class SlidingConstraints(InputSpan span)
{
    private const double Independent = 1e-10;
    private readonly double[] _basis = new double[span.Rank * span.RankStride];
    private readonly double[] _lower = new double[span.Rank * span.Rank];
    private readonly int[] _rays = new int[span.Rank];
    private readonly double[] _projection = new double[span.Rank];
    private readonly double[] _line = new double[span.RankStride];

    /// <summary>|K|.</summary>
    public int Count { get; private set; }

    /// <summary>K, increasing.</summary>
    public ReadOnlySpan<int> Rays => _rays.AsSpan(0, Count);

    /// <summary>The dimension in which w may still move: r − |K|.</summary>
    public int FreeDimensions => span.Rank - Count;

    /// <summary>Takes K from the gates. A boundary that depends on the others is released as inactive.</summary>
    /// <param name="gates">Gates of all rays.</param>
    /// <param name="kept">What <see cref="Keep"/> returned: taken over where its K is the same; null for nothing.</param>
    public void Build(Span<byte> gates, SlidingBasis? kept = null)
    {
        if (kept is not null && IsFor(kept, gates))
        {
            Count = kept.Rays.Length;
            kept.Rays.CopyTo(_rays, 0);
            kept.Directions.CopyTo(_basis, 0);
            for (int i = 0; i < Count; i++)
            {
                kept.Lower.AsSpan(i * Count, Count).CopyTo(_lower.AsSpan(i * span.Rank));
            }

            kept.Line.CopyTo(_line, 0);
            return;
        }

        Count = 0;
        for (int k = 0; k < span.Rays; k++)
        {
            if (gates[k] == Gate.Sliding && !Add(k))
            {
                gates[k] = Gate.Inactive;
            }
        }

        FindLineIfOnOne();
    }

    /// <summary>A copy of the basis, for a later <see cref="Build"/>.</summary>
    public SlidingBasis Keep()
    {
        var lower = new double[Count * Count];
        for (int i = 0; i < Count; i++)
        {
            _lower.AsSpan(i * span.Rank, Count).CopyTo(lower.AsSpan(i * Count));
        }

        return new SlidingBasis(Rays.ToArray(), _basis[..(Count * span.RankStride)], lower, FreeDimensions == 1 ? _line[..] : []);
    }

    /// <summary>Adds one boundary behind the others; false where it depends on them.</summary>
    public bool Append(int ray)
    {
        bool added = Add(ray);
        FindLineIfOnOne();
        return added;
    }

    /// <summary>Takes out the boundary at <paramref name="index"/>; the others keep their order.</summary>
    public void Remove(int index)
    {
        int count = Count;
        Count = index;
        for (int i = index + 1; i < count; i++)
        {
            _ = Add(_rays[i]);
        }

        FindLineIfOnOne();
    }

    /// <summary>Removes from v its part in span{x_k}.</summary>
    public void Project(Span<double> v)
    {
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<double> u = Direction(i);
            MomentKernel.AddMultiple(u, -MomentKernel.Dot(v, u), v);
        }
    }

    /// <summary>Removes from D₀ its part in span{x_k} and writes c with Σ_K c_k x_k = −(that part), entry k at <c>c[k · stride]</c>.</summary>
    public void ProjectWithMultipliers(Span<double> d0, Span<double> c, int stride)
    {
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<double> u = Direction(i);
            _projection[i] = MomentKernel.Dot(d0, u);
            MomentKernel.AddMultiple(u, -_projection[i], d0);
        }

        // A second pass: D_eff may be far smaller than D₀, and what the first pass leaves behind must be small against D_eff.
        for (int i = 0; i < Count; i++)
        {
            ReadOnlySpan<double> u = Direction(i);
            double again = MomentKernel.Dot(d0, u);
            _projection[i] += again;
            MomentKernel.AddMultiple(u, -again, d0);
        }

        for (int i = Count - 1; i >= 0; i--)
        {
            double sum = -_projection[i];
            for (int k = i + 1; k < Count; k++)
            {
                sum -= _lower[(k * span.Rank) + i] * c[k * stride];
            }

            c[i * stride] = sum / _lower[(i * span.Rank) + i];
        }
    }

    /// <summary>Writes x = Σ_K α_k x_k + v with v orthogonal to K: α (entry i for the i-th of K) and v (length RankStride). Cost O(|K| r).</summary>
    public void Decompose(ReadOnlySpan<double> x, Span<double> alpha, Span<double> v)
    {
        x.CopyTo(v);
        _projection.AsSpan(0, Count).Clear();
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < Count; i++)
            {
                ReadOnlySpan<double> u = Direction(i);
                double along = MomentKernel.Dot(v, u);
                _projection[i] += along;
                MomentKernel.AddMultiple(u, -along, v);
            }
        }

        for (int i = Count - 1; i >= 0; i--)
        {
            double sum = _projection[i];
            for (int k = i + 1; k < Count; k++)
            {
                sum -= _lower[(k * span.Rank) + i] * alpha[k];
            }

            alpha[i] = sum / _lower[(i * span.Rank) + i];
        }
    }

    /// <summary>Puts w on the boundaries. Where one dimension is left, w becomes ± its length times a direction that depends on K alone.</summary>
    public void Hold(Span<double> w)
    {
        if (Count == 0)
        {
            return;
        }

        if (FreeDimensions != 1)
        {
            Project(w);
            return;
        }

        double along = MomentKernel.Dot(w, _line);
        TensorPrimitives.Multiply(_line, along, w);
    }

    private bool IsFor(SlidingBasis kept, ReadOnlySpan<byte> gates)
    {
        int at = 0;
        for (int k = 0; k < span.Rays; k++)
        {
            if (gates[k] == Gate.Sliding && (at == kept.Rays.Length || kept.Rays[at++] != k))
            {
                return false;
            }
        }

        return at == kept.Rays.Length;
    }

    private ReadOnlySpan<double> Direction(int i) => _basis.AsSpan(i * span.RankStride, span.RankStride);

    private bool Add(int ray)
    {
        if (Count == span.Rank)
        {
            return false;
        }

        Span<double> u = _basis.AsSpan(Count * span.RankStride, span.RankStride);
        span.Ray(ray).CopyTo(u);
        Span<double> lower = _lower.AsSpan(Count * span.Rank, span.Rank);
        lower.Clear();
        double before = span.Norms[ray], norm = before;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < Count; i++)
            {
                double along = MomentKernel.Dot(u, Direction(i));
                lower[i] += along;
                MomentKernel.AddMultiple(Direction(i), -along, u);
            }

            norm = Math.Sqrt(MomentKernel.Dot(u, u));
            if (norm > 0.5 * before)
            {
                // Little was taken away, so little of it was rounding.
                break;
            }
        }

        if (norm <= Independent * span.Norms[ray])
        {
            return false;
        }

        lower[Count] = norm;
        TensorPrimitives.Divide(u, norm, u);
        _rays[Count++] = ray;
        return true;
    }

    private void FindLineIfOnOne()
    {
        if (FreeDimensions != 1 || Count == 0)
        {
            return;
        }

        // The coordinate vector that keeps most of its length off the boundaries.
        int best = 0;
        double most = -1;
        for (int i = 0; i < span.Rank; i++)
        {
            double left = 1;
            for (int u = 0; u < Count; u++)
            {
                double component = _basis[(u * span.RankStride) + i];
                left -= component * component;
            }

            if (left > most)
            {
                (best, most) = (i, left);
            }
        }

        _line.AsSpan().Clear();
        _line[best] = 1;
        Project(_line);
        Project(_line);
        TensorPrimitives.Divide(_line, TensorPrimitives.Norm<double>(_line), _line);
    }
}
