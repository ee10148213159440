using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows;

/// <summary>The product of a matrix with a panel of <see cref="Lanes"/> columns: the whole work of a descent step.</summary>
/// <remarks>
/// Four rows times 32 columns are kept in sixteen 512-bit sums, so that a load of the panel serves four rows. Every entry is one chain of fused
/// multiply-adds in the order of the inner index, whatever the width of the machine's registers.
/// </remarks>
internal static class PanelProduct
{
    /// <summary>Columns of a panel.</summary>
    public const int Lanes = 32;

    private const int Rows = 4;

    /// <summary>
    /// result[r, l] = Σ_p matrix[r, p] · panel[p, l] for r &lt; rows, p &lt; inner, l &lt; 32; matrix[r, p] lies at r · rowStride + p · innerStride, so that a
    /// transpose costs nothing. The result may not overlap the others. Cost 32 · rows · inner.
    /// </summary>
    public static void Multiply(ReadOnlySpan<double> matrix, (int Row, int Inner) stride, ReadOnlySpan<double> panel, int inner, Span<double> result)
    {
        int rows = result.Length / Lanes;
        Debug.Assert(panel.Length == inner * Lanes && matrix.Length >= ((rows - 1) * stride.Row) + ((inner - 1) * stride.Inner) + 1, "shapes");
        int r = 0;
        for (; r + Rows <= rows; r += Rows)
        {
            FourRows(matrix[(r * stride.Row)..], stride, panel, inner, result[(r * Lanes)..]);
        }

        for (; r < rows; r++)
        {
            OneRow(matrix[(r * stride.Row)..], stride.Inner, panel, inner, result[(r * Lanes)..]);
        }
    }

    private static void FourRows(ReadOnlySpan<double> matrix, (int Row, int Inner) stride, ReadOnlySpan<double> panel, int inner, Span<double> result)
    {
        ref double x = ref MemoryMarshal.GetReference(matrix);
        ref double b = ref MemoryMarshal.GetReference(panel);
        Quad row0 = default, row1 = default, row2 = default, row3 = default;
        for (int p = 0; p < inner; p++)
        {
            var column = Quad.Load(ref b, p * Lanes);
            row0.Add(Unsafe.Add(ref x, 0), column);
            row1.Add(Unsafe.Add(ref x, stride.Row), column);
            row2.Add(Unsafe.Add(ref x, 2 * stride.Row), column);
            row3.Add(Unsafe.Add(ref x, 3 * stride.Row), column);
            x = ref Unsafe.Add(ref x, stride.Inner);
        }

        row0.Store(result);
        row1.Store(result[Lanes..]);
        row2.Store(result[(2 * Lanes)..]);
        row3.Store(result[(3 * Lanes)..]);
    }

    private static void OneRow(ReadOnlySpan<double> matrix, int stride, ReadOnlySpan<double> panel, int inner, Span<double> result)
    {
        ref double b = ref MemoryMarshal.GetReference(panel);
        Quad row = default;
        for (int p = 0; p < inner; p++)
        {
            row.Add(matrix[p * stride], Quad.Load(ref b, p * Lanes));
        }

        row.Store(result);
    }

    // Thirty-two doubles.
    private struct Quad
    {
        private Vector512<double> _v0, _v1, _v2, _v3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Quad Load(ref double start, int offset) => new()
        {
            _v0 = Vector512.LoadUnsafe(ref start, (nuint)offset),
            _v1 = Vector512.LoadUnsafe(ref start, (nuint)offset + 8),
            _v2 = Vector512.LoadUnsafe(ref start, (nuint)offset + 16),
            _v3 = Vector512.LoadUnsafe(ref start, (nuint)offset + 24),
        };

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(double factor, in Quad column)
        {
            Vector512<double> broadcast = Vector512.Create(factor);
            _v0 = Vector512.FusedMultiplyAdd(broadcast, column._v0, _v0);
            _v1 = Vector512.FusedMultiplyAdd(broadcast, column._v1, _v1);
            _v2 = Vector512.FusedMultiplyAdd(broadcast, column._v2, _v2);
            _v3 = Vector512.FusedMultiplyAdd(broadcast, column._v3, _v3);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(Span<double> destination)
        {
            _v0.CopyTo(destination);
            _v1.CopyTo(destination[8..]);
            _v2.CopyTo(destination[16..]);
            _v3.CopyTo(destination[24..]);
        }
    }
}
