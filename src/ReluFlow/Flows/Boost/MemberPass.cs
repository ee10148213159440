using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <summary>Moves the rows of a chunk by the common motion of their cell, eight at a time, and finds those that may not stay in it.</summary>
/// <remarks>One instance works for one thread.</remarks>
internal sealed partial class MemberPass
{
    private const int Lanes = MomentKernel.Lanes;
    private const int SumsOfMoment = 6;
    private Vector512<double>[] _along = new Vector512<double>[3 * 8];
    private Vector512<double>[] _sums = new Vector512<double>[SumsOfMoment * 8];

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
    /// <param name="path">Their common motion.</param>
    /// <param name="columns">What is read and written.</param>
    /// <param name="request">What the pass is to do.</param>
    public void Move(MemberChunk chunk, GatePattern pattern, CellPath path, in Columns columns, PropagationRequest request)
    {
        if (path.IsLeft || (!pattern.IsRegular && !path.IsStill))
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
        int segments = path.Segments.Count;
        if (_along.Length < 3 * segments)
        {
            _along = new Vector512<double>[6 * segments];
            _sums = new Vector512<double>[2 * SumsOfMoment * segments];
        }

        Array.Clear(_sums, 0, SumsOfMoment * segments);
        MemberTable from = columns.From;
        for (int row = chunk.First; row < chunk.First + chunk.Count; row += Lanes)
        {
            Vector512<double> w0 = Load(from.W0, row), w1 = Load(from.W1, row), a = Load(from.A, row), balance = Load(columns.Balance, row);
            Vector512<double> leaves = default;
            for (int i = 0; i < segments; i++)
            {
                CellSegment segment = path.Segments[i];
                (_along[3 * i], _along[(3 * i) + 1], _along[(3 * i) + 2]) = (w0, w1, a);
                leaves |= MayLeave(segment, pattern, (w0, w1, a, balance), request);
                if (i < segments - 1 || request.Moves)
                {
                    Advance(segment.Advance, pattern, balance, ref w0, ref w1, ref a);
                }
            }

            int last = Math.Min(Lanes, chunk.First + chunk.Count - row);
            ulong rows = (1UL << last) - 1, movers = leaves.ExtractMostSignificantBits() & rows;
            ListMovers(chunk, row, movers);
            Vector512<double> weight = Vector512.ConditionalSelect(MaskOf(rows & ~movers), Load(columns.Weight, row), default);
            for (int i = 0; i < segments; i++)
            {
                AddMoment(_sums.AsSpan(SumsOfMoment * i, SumsOfMoment), weight, _along[3 * i], _along[(3 * i) + 1], _along[(3 * i) + 2]);
            }

            if (request.Moves)
            {
                Store(columns.To, row, last, (w0, w1, a, Load(from.LogScale, row)), balance);
            }
        }

        for (int i = 0; i < segments; i++)
        {
            chunk.Moments.Add(MomentOf(_sums.AsSpan(SumsOfMoment * i, SumsOfMoment)));
        }
    }

    /// <summary>
    /// Lanes in which a gate may change in the segment: a bound that all falls together might take below 0. While a keeps its sign each κ_m is monotone, so that ⟨n, w⟩ falls by at
    /// most Σ_m max(0, −⟨n, D_m⟩ κ_m); where a may change its sign, by Σ_m |⟨n, D_m⟩| max|a| / (m + 1).
    /// </summary>
    private static Vector512<double> MayLeave(CellSegment segment, GatePattern pattern, (Vector512<double> W0, Vector512<double> W1, Vector512<double> A, Vector512<double> Balance) v, PropagationRequest request)
    {
        (Vector512<double> w0, Vector512<double> w1, Vector512<double> a, Vector512<double> balance) = v;
        int s = segment.Kappa.Length / 3;
        double cosh = Math.Cosh(segment.Reach), sinh = Math.Sinh(segment.Reach);

        // The worst that a boost can do to a.
        Vector512<double> w = Vector512.Sqrt((w0 * w0) + (w1 * w1)), size = Vector512.Abs(a);
        Vector512<double> flips = Vector512.LessThan(balance, default) & Vector512.LessThanOrEqual(size * cosh, w * sinh);
        bool anyFlips = flips.ExtractMostSignificantBits() != 0;
        Vector512<double> leaves = pattern.Sliding >= 0 ? flips : default, most = (size * cosh) + (w * sinh);
        for (int b = 0; b < pattern.Bounds.Length; b++)
        {
            PatternBound bound = pattern.Bounds[b];
            Vector512<double> height = (w0 * bound.Normal0) + (w1 * bound.Normal1), low = height;
            double sum = 0;
            for (int m = 0; m < s; m++)
            {
                Vector512<double> kappa = (w0 * segment.Kappa[3 * m]) + (w1 * segment.Kappa[(3 * m) + 1]) + (a * segment.Kappa[(3 * m) + 2]);
                low += Vector512.Min(kappa * segment.Fall[(b * s) + m], default);
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

    private static void Advance(double[] m, GatePattern pattern, Vector512<double> balance, ref Vector512<double> w0, ref Vector512<double> w1, ref Vector512<double> a)
    {
        Vector512<double> x0 = (w0 * m[0]) + (w1 * m[1]) + (a * m[2]), x1 = (w0 * m[3]) + (w1 * m[4]) + (a * m[5]);
        a = (w0 * m[6]) + (w1 * m[7]) + (a * m[8]);
        (w0, w1) = (x0, x1);
        Hold(pattern, ref w0, ref w1);
        Restore(balance, ref w0, ref w1, ref a);
    }

    /// <summary>On a half-line w is its length times a direction that depends on the pattern alone.</summary>
    private static void Hold(GatePattern pattern, ref Vector512<double> w0, ref Vector512<double> w1)
    {
        if (pattern.Sliding >= 0)
        {
            PatternBound line = pattern.Bounds[0];
            Vector512<double> along = (w0 * line.Normal0) + (w1 * line.Normal1);
            (w0, w1) = (along * line.Normal0, along * line.Normal1);
        }
    }

    /// <summary>a, or w where ‖w‖ &gt; |a|, rescaled so that a² − ‖w‖² is what it was.</summary>
    private static void Restore(Vector512<double> balance, ref Vector512<double> w0, ref Vector512<double> w1, ref Vector512<double> a)
    {
        Vector512<double> w2 = (w0 * w0) + (w1 * w1), a2 = a * a, dominated = Vector512.GreaterThanOrEqual(balance, default);
        Vector512<double> wanted = Vector512.ConditionalSelect(dominated, w2 + balance, a2 - balance), present = Vector512.ConditionalSelect(dominated, a2, w2);
        Vector512<double> factor = Vector512.ConditionalSelect(Vector512.GreaterThan(present, default), Vector512.Sqrt(wanted / present), Vector512<double>.One);
        a = Vector512.ConditionalSelect(dominated, a * factor, a);
        w0 = Vector512.ConditionalSelect(dominated, w0, w0 * factor);
        w1 = Vector512.ConditionalSelect(dominated, w1, w1 * factor);
    }

    private static void ListMovers(MemberChunk chunk, int row, ulong movers)
    {
        for (; movers != 0; movers &= movers - 1)
        {
            chunk.Movers.Add(row + BitOperations.TrailingZeroCount(movers));
        }
    }

    private static void AddMoment(Span<Vector512<double>> sums, Vector512<double> weight, Vector512<double> w0, Vector512<double> w1, Vector512<double> a)
    {
        Vector512<double> x0 = weight * w0, x1 = weight * w1;
        sums[0] += x0 * w0;
        sums[1] += x0 * w1;
        sums[2] += x1 * w1;
        sums[3] += x0 * a;
        sums[4] += x1 * a;
        sums[5] += weight * a * a;
    }

    private static CellMoment MomentOf(ReadOnlySpan<Vector512<double>> sums) =>
        new(Vector512.Sum(sums[0]), Vector512.Sum(sums[1]), Vector512.Sum(sums[2]), Vector512.Sum(sums[3]), Vector512.Sum(sums[4]), Vector512.Sum(sums[5]));

    /// <summary>Writes rows with their scale renewed: the larger of |a| and ‖w‖ is 1.</summary>
    private static void Store(MemberTable to, int row, int rows, (Vector512<double> W0, Vector512<double> W1, Vector512<double> A, Vector512<double> LogScale) v, Vector512<double> balance)
    {
        Vector512<double> w = Vector512.Sqrt((v.W0 * v.W0) + (v.W1 * v.W1));
        Vector512<double> size = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(balance, default), Vector512.Abs(v.A), w);
        Vector512<double> divisor = Vector512.ConditionalSelect(Vector512.GreaterThan(size, default), size, Vector512<double>.One);
        Put(to.W0, row, rows, v.W0 / divisor);
        Put(to.W1, row, rows, v.W1 / divisor);
        Put(to.A, row, rows, v.A / divisor);
        Put(to.LogScale, row, rows, v.LogScale + Vector512.Log(divisor));
    }

    private static void Put(double[] column, int row, int rows, Vector512<double> value)
    {
        if (rows == Lanes)
        {
            value.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)row);
            return;
        }

        // The rows behind belong to another chunk.
        for (int lane = 0; lane < rows; lane++)
        {
            column[row + lane] = value[lane];
        }
    }

    private static Vector512<double> Load(double[] column, int row) => Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)row);

    private static Vector512<double> MaskOf(ulong lanes)
    {
        Vector512<long> bits = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        return Vector512.Equals(Vector512.Create((long)lanes) & bits, bits).AsDouble();
    }
}
