using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>
/// The inputs as the engine sees them: one ray for all samples with the same direction, in orthonormal coordinates of the span of the data.
/// </summary>
/// <remarks>
/// <para>Samples on one ray (x_k = γ_k x, γ_k &gt; 0) share their gate for ever, so they are one ray with b = Σ γ_k b_k; duplicates then cause no simultaneous events.</para>
/// <para>Gradient flow moves weights only inside the span of the inputs. Groups of rays that are orthogonal to each other get coordinates of their own,
/// so that inner products which ought to vanish vanish to the last bit: on orthogonal inputs a gate that closes then stays closed. The derivation is ours.</para>
/// </remarks>
internal sealed class InputSpan
{
    /// <summary>Cosines below this count as zero: rounding in the data, not geometry.</summary>
    public const double OrthogonalityThreshold = 1e-13;

    private InputSpan(int rays, int rank, Matrix inputs)
    {
        Rays = rays;
        Rank = rank;
        Inputs = inputs;
        RayStride = MomentKernel.Padded(rays);
        RankStride = MomentKernel.Padded(rank);
        Coordinates = new double[rays * RankStride];
        CoordinatesTransposed = new double[rank * RayStride];
        Gram = new double[rays * RayStride];
        AbsoluteGram = new double[rays * RayStride];
        Norms = new double[RayStride];
        RayOfSample = new int[inputs.Rows];
        FactorOfSample = new double[inputs.Rows];
        SampleOfRay = new int[rays];
        Opposite = new int[rays];
        Basis = new double[rank * inputs.Columns];
    }

    /// <summary>X, n × d, as given.</summary>
    public Matrix Inputs { get; }

    /// <summary>N ≤ n, the number of different rays.</summary>
    public int Rays { get; }

    /// <summary>r = rank X.</summary>
    public int Rank { get; }

    /// <summary>N rounded up to whole vectors: the row length of arrays over rays.</summary>
    public int RayStride { get; }

    /// <summary>r rounded up to whole vectors: the row length of arrays over coordinates.</summary>
    public int RankStride { get; }

    /// <summary>N × r (rows of length RankStride, zero padded): the rays in coordinates of the span.</summary>
    public double[] Coordinates { get; }

    /// <summary>r × N (rows of length RayStride, zero padded).</summary>
    public double[] CoordinatesTransposed { get; }

    /// <summary>⟨x_k, x_l⟩ of the rays, N × N (rows of length RayStride).</summary>
    public double[] Gram { get; }

    /// <summary>|⟨x_k, x_l⟩|, as <see cref="Gram"/>.</summary>
    public double[] AbsoluteGram { get; }

    /// <summary>‖x_k‖ of the rays, N (zero padded to RayStride).</summary>
    public double[] Norms { get; }

    /// <summary>The ray of each sample, n; −1 for the input 0, which no neuron ever sees.</summary>
    public int[] RayOfSample { get; }

    /// <summary>γ_k with x_k = γ_k · (its ray), n.</summary>
    public double[] FactorOfSample { get; }

    /// <summary>The first sample of each ray, N: the one that events name.</summary>
    public int[] SampleOfRay { get; }

    /// <summary>The ray that points the other way, N; −1 where there is none. Its gate is open exactly where this one's is closed.</summary>
    public int[] Opposite { get; }

    /// <summary>The group of rays, orthogonal to all other groups, that each ray belongs to, N.</summary>
    public int[] Group { get; private set; } = [];

    /// <summary>Orthonormal basis of the span, r × d.</summary>
    public double[] Basis { get; }

    /// <summary>Finds rays, orthogonal groups and coordinates of X. Cost O(n² d).</summary>
    public static InputSpan Of(Matrix inputs)
    {
        int n = inputs.Rows, d = inputs.Columns;
        var norms = new double[n];
        for (int k = 0; k < n; k++)
        {
            norms[k] = TensorPrimitives.Norm(inputs.Row(k));
        }

        (int[] rayOfSample, List<int> firstSample) = GroupRays(inputs, norms);
        int rays = firstSample.Count;
        int[] group = OrthogonalGroups(inputs, norms, firstSample);
        (double[] basis, int[] basisGroup, int rank) = OrthonormalBases(inputs, norms, firstSample, group);
        var span = new InputSpan(rays, rank, inputs);
        basis.AsSpan(0, rank * d).CopyTo(span.Basis);
        for (int k = 0; k < rays; k++)
        {
            ReadOnlySpan<double> x = inputs.Row(firstSample[k]);
            span.SampleOfRay[k] = firstSample[k];
            span.Norms[k] = norms[firstSample[k]];
            for (int i = 0; i < rank; i++)
            {
                double value = basisGroup[i] == group[k] ? TensorPrimitives.Dot(x, basis.AsSpan(i * d, d)) : 0;
                span.Coordinates[(k * span.RankStride) + i] = value;
                span.CoordinatesTransposed[(i * span.RayStride) + k] = value;
            }
        }

        for (int k = 0; k < n; k++)
        {
            span.RayOfSample[k] = rayOfSample[k];
            span.FactorOfSample[k] = rayOfSample[k] < 0 ? 0 : norms[k] / span.Norms[rayOfSample[k]];
        }

        span.Group = group;
        span.FillGram();
        span.FindOpposites();
        return span;
    }

    /// <summary>Coordinates of a ray, length RankStride.</summary>
    public ReadOnlySpan<double> Ray(int ray) => Coordinates.AsSpan(ray * RankStride, RankStride);

    /// <summary>Row of the Gram matrix, length RayStride.</summary>
    public ReadOnlySpan<double> GramRow(int ray) => Gram.AsSpan(ray * RayStride, RayStride);

    /// <summary>√(|v|ᵀ |G| |v|) ≥ ‖Σ_k v_k x_k‖ over any subset of the rays (c = 1), summed over outputs for c &gt; 1; v is N × c.</summary>
    public double GatedNormBound(ReadOnlySpan<double> v, int outputs)
    {
        double sum = 0;
        for (int k = 0; k < Rays; k++)
        {
            ReadOnlySpan<double> row = AbsoluteGram.AsSpan(k * RayStride, Rays);
            for (int o = 0; o < outputs; o++)
            {
                double vk = Math.Abs(v[(k * outputs) + o]);
                if (vk == 0)
                {
                    continue;
                }

                double inner = 0;
                for (int l = 0; l < row.Length; l++)
                {
                    inner += row[l] * Math.Abs(v[(l * outputs) + o]);
                }

                sum += vk * inner;
            }
        }

        return Math.Sqrt(sum);
    }

    private void FindOpposites()
    {
        var negative = new double[Inputs.Columns];
        for (int k = 0; k < Rays; k++)
        {
            TensorPrimitives.Negate(Inputs.Row(SampleOfRay[k]), negative);
            Opposite[k] = Array.FindIndex(SampleOfRay, other => SameDirection(negative, Norms[k], Inputs.Row(other), TensorPrimitives.Norm(Inputs.Row(other))));
        }
    }


    private static (int[] RayOfSample, List<int> FirstSample) GroupRays(Matrix inputs, double[] norms)
    {
        var rayOfSample = new int[inputs.Rows];
        var first = new List<int>();
        for (int k = 0; k < inputs.Rows; k++)
        {
            rayOfSample[k] = norms[k] == 0 ? -1 : first.FindIndex(other => SameDirection(inputs.Row(k), norms[k], inputs.Row(other), norms[other]));
            if (rayOfSample[k] < 0 && norms[k] > 0)
            {
                rayOfSample[k] = first.Count;
                first.Add(k);
            }
        }

        return (rayOfSample, first);
    }

    private static bool SameDirection(ReadOnlySpan<double> x, double xNorm, ReadOnlySpan<double> y, double yNorm)
    {
        const double rounding = 4e-16;
        for (int i = 0; i < x.Length; i++)
        {
            if (Math.Abs((x[i] / xNorm) - (y[i] / yNorm)) > rounding)
            {
                return false;
            }
        }

        return true;
    }

    private static int[] OrthogonalGroups(Matrix inputs, double[] norms, List<int> first)
    {
        int[] group = [.. Enumerable.Repeat(-1, first.Count)];
        var pending = new Stack<int>();
        int groups = 0;
        for (int start = 0; start < group.Length; start++)
        {
            if (group[start] >= 0)
            {
                continue;
            }

            group[start] = groups;
            pending.Push(start);
            while (pending.TryPop(out int k))
            {
                for (int l = 0; l < group.Length; l++)
                {
                    if (group[l] < 0 && Math.Abs(TensorPrimitives.Dot(inputs.Row(first[k]), inputs.Row(first[l]))) > OrthogonalityThreshold * norms[first[k]] * norms[first[l]])
                    {
                        group[l] = groups;
                        pending.Push(l);
                    }
                }
            }

            groups++;
        }

        return group;
    }

    private static (double[] Basis, int[] Group, int Rank) OrthonormalBases(Matrix inputs, double[] norms, List<int> first, int[] group)
    {
        // Gram–Schmidt with re-orthogonalisation and pivoting by the largest remaining norm, group by group.
        const double independent = 1e-12;
        int d = inputs.Columns;
        var basis = new double[Math.Min(first.Count, d) * d];
        var basisGroup = new int[Math.Min(first.Count, d)];
        int rank = 0;
        var remainder = new double[d];
        foreach (IGrouping<int, int> members in Enumerable.Range(0, first.Count).GroupBy(k => group[k]))
        {
            int groupStart = rank;
            var rest = members.ToDictionary(k => k, k => inputs.Row(first[k]).ToArray());
            while (rest.Count > 0 && rank < basisGroup.Length)
            {
                (int best, double[] direction) = rest.MaxBy(pair => TensorPrimitives.Norm<double>(pair.Value) / norms[first[pair.Key]]);
                rest.Remove(best);
                direction.CopyTo(remainder.AsSpan());
                RemoveComponents(remainder, basis, groupStart, rank, d);
                double norm = TensorPrimitives.Norm<double>(remainder);
                if (norm <= independent * norms[first[best]])
                {
                    break;
                }

                TensorPrimitives.Divide(remainder, norm, basis.AsSpan(rank * d, d));
                basisGroup[rank] = members.Key;
                rank++;
                foreach (double[] other in rest.Values)
                {
                    RemoveComponents(other, basis, rank - 1, rank, d);
                }
            }
        }

        return (basis, basisGroup, rank);
    }

    private static void RemoveComponents(Span<double> x, double[] basis, int from, int to, int d)
    {
        for (int i = from; i < to; i++)
        {
            ReadOnlySpan<double> e = basis.AsSpan(i * d, d);
            TensorPrimitives.MultiplyAdd(e, -TensorPrimitives.Dot<double>(x, e), x, x);
        }
    }

    private void FillGram()
    {
        for (int k = 0; k < Rays; k++)
        {
            for (int l = 0; l < Rays; l++)
            {
                double value = TensorPrimitives.Dot(Ray(k), Ray(l));
                if (Math.Abs(value) <= OrthogonalityThreshold * Norms[k] * Norms[l])
                {
                    value = 0;
                }

                Gram[(k * RayStride) + l] = value;
                AbsoluteGram[(k * RayStride) + l] = Math.Abs(value);
            }
        }
    }
}
