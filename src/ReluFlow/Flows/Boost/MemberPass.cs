using System.Numerics;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <summary>Moves the rows of a chunk by the common motion of their cell, eight at a time, and finds those that may not stay in it.</summary>
/// <remarks>One instance works for one thread.</remarks>
internal sealed partial class MemberPass
{
    private const int Lanes = MomentKernel.Lanes;
    private readonly int _rank;
    private readonly int _entries;
    private readonly Vector512<double>[] _kappa = new Vector512<double>[Lanes];
    private Vector512<double>[] _along = [];
    private Vector512<double>[] _sums = [];

    /// <summary>Works for inputs of one rank.</summary>
    public MemberPass(int rank) => (_rank, _entries) = (rank, CellMoment.EntriesOf(rank));

    /// <summary>What a pass over members reads and writes.</summary>
    /// <param name="From">The members now.</param>
    /// <param name="Balance">a² − ‖w‖² now, in units of e^{2ρ}.</param>
    /// <param name="Weight">e^{2ρ} in the unit of the cell.</param>
    /// <param name="To">The members at the end.</param>
    /// <param name="Rates">‖D‖ at the end.</param>
    public readonly record struct Columns(MemberTable From, double[] Balance, double[] Weight, MemberTable To, double[] Rates);

    /// <summary>Moves a chunk.</summary>
    /// <param name="chunk">The rows, and where what is found goes.</param>
    /// <param name="pattern">Their gates.</param>
    /// <param name="path">Their common motion; null where each is followed on its own.</param>
    /// <param name="columns">What is read and written.</param>
    /// <param name="request">What the pass is to do.</param>
    public void Move(MemberChunk chunk, GatePattern pattern, CellPath? path, in Columns columns, PropagationRequest request)
    {
        if (path is null || path.IsLeft || (!pattern.IsRegular && !path.IsStill))
        {
            for (int row = chunk.First; row < chunk.First + chunk.Count; row++)
            {
                chunk.Movers.Add(row);
            }

            return;
        }

        if (request.Moves)
        {
            columns.Rates.AsSpan(chunk.First, chunk.Count).Fill(path.Rate);
            Array.Copy(columns.From.Pattern, chunk.First, columns.To.Pattern, chunk.First, chunk.Count);
            Array.Copy(columns.From.Carrier, chunk.First, columns.To.Carrier, chunk.First, chunk.Count);
        }

        if (path.IsStill)
        {
            CopyRows(chunk, columns, request.Moves);
        }
        else if (path.Boost is { } boost)
        {
            MoveByBoost(chunk, pattern, boost, columns, request);
        }
        else
        {
            MoveBySegments(chunk, pattern, path, columns, request);
        }
    }

    private static void CopyRows(MemberChunk chunk, in Columns columns, bool moves)
    {
        for (int row = chunk.First; row < chunk.First + chunk.Count && moves; row++)
        {
            columns.To.CopyRow(row, columns.From, row);
        }
    }

    private void MoveBySegments(MemberChunk chunk, GatePattern pattern, CellPath path, in Columns columns, PropagationRequest request)
    {
        int segments = path.Segments.Count, size = _rank + 1;
        BeginSums(segments);
        if (_along.Length < (segments + 1) * size)
        {
            _along = new Vector512<double>[(segments + 1) * size];
        }

        MemberTable from = columns.From;
        for (int row = chunk.First; row < chunk.First + chunk.Count; row += Lanes)
        {
            Vector512<double> balance = Load(columns.Balance, row), leaves = default;
            Load(from, row, _along);
            for (int i = 0; i < segments; i++)
            {
                CellSegment segment = path.Segments[i];
                ReadOnlySpan<Vector512<double>> v = _along.AsSpan(i * size, size);
                leaves |= MayLeave(segment, pattern, v, balance, request);
                if (i < segments - 1 || request.Moves)
                {
                    Advance(segment.Advance, pattern, balance, v, _along.AsSpan((i + 1) * size, size));
                }
            }

            int last = Math.Min(Lanes, chunk.First + chunk.Count - row);
            ulong rows = (1UL << last) - 1, movers = leaves.ExtractMostSignificantBits() & rows;
            ListMovers(chunk, row, movers);
            Vector512<double> weight = Vector512.ConditionalSelect(MaskOf(rows & ~movers), Load(columns.Weight, row), default);
            for (int i = 0; i < segments; i++)
            {
                AddMoment(i, weight, _along.AsSpan(i * size, size));
            }

            if (request.Moves)
            {
                Store(columns.To, (row, last), _along.AsSpan(segments * size, size), Load(from.LogScale, row), balance);
            }
        }

        AddMomentsTo(chunk, segments);
    }

    /// <summary>
    /// Lanes in which a gate may change in the segment: a bound that all falls together might take below 0. While a keeps its sign each κ_m is monotone, so that ⟨n, w⟩ falls by at
    /// most Σ_m max(0, −⟨n, D_m⟩ κ_m); where a may change its sign, by Σ_m |⟨n, D_m⟩| max|a| / (m + 1).
    /// </summary>
    private Vector512<double> MayLeave(CellSegment segment, GatePattern pattern, ReadOnlySpan<Vector512<double>> v, Vector512<double> balance, PropagationRequest request)
    {
        int s = segment.Kappa.Length / v.Length;
        double cosh = Math.Cosh(segment.Reach), sinh = Math.Sinh(segment.Reach);

        // The worst that a boost can do to a.
        Vector512<double> w = Vector512.Sqrt(SquaredNorm(v[.._rank])), size = Vector512.Abs(v[_rank]);
        Vector512<double> flips = Vector512.LessThan(balance, default) & Vector512.LessThanOrEqual(size * cosh, w * sinh);
        bool anyFlips = flips.ExtractMostSignificantBits() != 0;
        Vector512<double> leaves = pattern.Sliding >= 0 ? flips : default, most = (size * cosh) + (w * sinh);
        for (int m = 0; m < s; m++)
        {
            _kappa[m] = Combine(segment.Kappa.AsSpan(m * v.Length, v.Length), v);
        }

        for (int b = 0; b < pattern.Bounds.Length; b++)
        {
            if (!segment.Nears[b] && !anyFlips)
            {
                continue;
            }

            PatternBound bound = pattern.Bounds[b];
            Vector512<double> height = Combine(bound.Normal, v), low = height;
            double sum = 0;
            for (int m = 0; m < s; m++)
            {
                low += Vector512.Min(_kappa[m] * segment.Fall[(b * s) + m], default);
                sum += Math.Abs(segment.Fall[(b * s) + m]) / (m + 1);
            }

            if (anyFlips)
            {
                low = Vector512.ConditionalSelect(flips, height - (most * sum), low);
            }

            // Of rows that turn back, those nearer to the boundary than any before are wanted too.
            Vector512<double> near = request.Record && bound.Ray >= 0 && (segment.Turns[b] || anyFlips) ? w * (request.KnownClearance * bound.Norm) : default;
            leaves |= Vector512.LessThan(low, near);
        }

        return leaves;
    }

    private static void Advance(double[] m, GatePattern pattern, Vector512<double> balance, ReadOnlySpan<Vector512<double>> v, Span<Vector512<double>> to)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = Combine(m.AsSpan(i * v.Length, v.Length), v);
        }

        Hold(pattern, to[..^1]);
        Restore(balance, to);
    }

    /// <summary>Σ_i c_i v_i over the coefficients.</summary>
    private static Vector512<double> Combine(ReadOnlySpan<double> coefficients, ReadOnlySpan<Vector512<double>> v)
    {
        Vector512<double> sum = v[0] * coefficients[0];
        for (int i = 1; i < coefficients.Length; i++)
        {
            sum += v[i] * coefficients[i];
        }

        return sum;
    }

    private static Vector512<double> SquaredNorm(ReadOnlySpan<Vector512<double>> w)
    {
        Vector512<double> sum = w[0] * w[0];
        for (int i = 1; i < w.Length; i++)
        {
            sum += w[i] * w[i];
        }

        return sum;
    }

    /// <summary>Takes from w what is off the boundaries slid along. On a half-line w is its length times a direction that depends on the pattern alone.</summary>
    private static void Hold(GatePattern pattern, Span<Vector512<double>> w)
    {
        if (pattern.IsLine)
        {
            double[] line = pattern.Bounds[0].Normal;
            Vector512<double> along = Combine(line, w);
            for (int i = 0; i < w.Length; i++)
            {
                w[i] = along * line[i];
            }

            return;
        }

        foreach (double[] direction in pattern.Normals)
        {
            Vector512<double> along = Combine(direction, w);
            for (int i = 0; i < w.Length; i++)
            {
                w[i] -= along * direction[i];
            }
        }
    }

    /// <summary>a, or w where ‖w‖ &gt; |a|, rescaled so that a² − ‖w‖² is what it was.</summary>
    private static void Restore(Vector512<double> balance, Span<Vector512<double>> v)
    {
        ref Vector512<double> a = ref v[^1];
        Span<Vector512<double>> w = v[..^1];
        Vector512<double> w2 = SquaredNorm(w), a2 = a * a, dominated = Vector512.GreaterThanOrEqual(balance, default);
        Vector512<double> wanted = Vector512.ConditionalSelect(dominated, w2 + balance, a2 - balance), present = Vector512.ConditionalSelect(dominated, a2, w2);
        Vector512<double> factor = Vector512.ConditionalSelect(Vector512.GreaterThan(present, default), Vector512.Sqrt(wanted / present), Vector512<double>.One);
        a = Vector512.ConditionalSelect(dominated, a * factor, a);
        for (int i = 0; i < w.Length; i++)
        {
            w[i] = Vector512.ConditionalSelect(dominated, w[i], w[i] * factor);
        }
    }

    private static void ListMovers(MemberChunk chunk, int row, ulong movers)
    {
        for (; movers != 0; movers &= movers - 1)
        {
            chunk.Movers.Add(row + BitOperations.TrailingZeroCount(movers));
        }
    }

    private void BeginSums(int moments)
    {
        if (_sums.Length < moments * _entries)
        {
            _sums = new Vector512<double>[moments * _entries];
        }

        Array.Clear(_sums, 0, moments * _entries);
    }

    /// <summary>Adds weight · v vᵀ to a moment, entries in the order of <see cref="CellMoment"/>.</summary>
    private void AddMoment(int moment, Vector512<double> weight, ReadOnlySpan<Vector512<double>> v)
    {
        Span<Vector512<double>> sums = _sums.AsSpan(moment * _entries, _entries);
        int e = 0;
        for (int i = 0; i < v.Length; i++)
        {
            for (int l = 0; l <= i; l++)
            {
                sums[e++] += weight * v[l] * v[i];
            }
        }
    }

    private void AddMomentsTo(MemberChunk chunk, int moments)
    {
        for (int i = 0; i < moments; i++)
        {
            var moment = new CellMoment(_rank);
            for (int e = 0; e < _entries; e++)
            {
                moment.Entries[e] = Vector512.Sum(_sums[(i * _entries) + e]);
            }

            chunk.Moments.Add(moment);
        }
    }
}
