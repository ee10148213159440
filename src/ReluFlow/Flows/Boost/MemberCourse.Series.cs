using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <content>The power series of a cell's motion, evaluated for one neuron.</content>
internal sealed partial class MemberCourse
{
    private const int SeriesLength = CellSegment.SeriesLength;

    private static PlaneVector At(CellSegment segment, double u, PlaneVector v)
    {
        Span<double> m = stackalloc double[9];
        Evaluate(segment, u, m);
        return v.Moved(m);
    }

    /// <summary>J M(u)ᵀ J v.</summary>
    private static PlaneVector Back(CellSegment segment, double u, PlaneVector v)
    {
        Span<double> m = stackalloc double[9];
        Evaluate(segment, u, m);
        return new PlaneVector(
            (m[0] * v.W0) + (m[3] * v.W1) - (m[6] * v.A),
            (m[1] * v.W0) + (m[4] * v.W1) - (m[7] * v.A),
            (m[8] * v.A) - (m[2] * v.W0) - (m[5] * v.W1));
    }

    private static void Evaluate(CellSegment segment, double u, Span<double> m)
    {
        ref double terms = ref MemoryMarshal.GetArrayDataReference(segment.Terms);
        Vector512<double> at = Vector512.Create(u), low = default, high = default;
        for (int k = segment.TermCount - 1; k >= 0; k--)
        {
            nuint row = (nuint)(k * CellSegment.TermStride);
            low = Vector512.FusedMultiplyAdd(low, at, Vector512.LoadUnsafe(ref terms, row));
            high = Vector512.FusedMultiplyAdd(high, at, Vector512.LoadUnsafe(ref terms, row + MomentKernel.Lanes));
        }

        low.CopyTo(m);
        m[8] = high[0];
    }

    /// <summary>The series of one row of M v.</summary>
    private static void Combine(double[] series, int entry, PlaneVector v, double[] result)
    {
        ref double from = ref MemoryMarshal.GetArrayDataReference(series);
        ref double to = ref MemoryMarshal.GetArrayDataReference(result);
        for (int k = 0; k < SeriesLength; k += MomentKernel.Lanes)
        {
            Vector512<double> sum = Vector512.LoadUnsafe(ref from, (nuint)((entry * SeriesLength) + k)) * v.W0;
            sum += Vector512.LoadUnsafe(ref from, (nuint)(((entry + 1) * SeriesLength) + k)) * v.W1;
            sum += Vector512.LoadUnsafe(ref from, (nuint)(((entry + 2) * SeriesLength) + k)) * v.A;
            sum.StoreUnsafe(ref to, (nuint)k);
        }
    }

    /// <summary>v = (w, a) of one neuron.</summary>
    private readonly record struct PlaneVector(double W0, double W1, double A)
    {
        /// <summary>M v for a 3 × 3 matrix, row-major.</summary>
        public PlaneVector Moved(ReadOnlySpan<double> m) => new(
            (m[0] * W0) + (m[1] * W1) + (m[2] * A),
            (m[3] * W0) + (m[4] * W1) + (m[5] * A),
            (m[6] * W0) + (m[7] * W1) + (m[8] * A));
    }
}
