using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows;

/// <summary>The product of a matrix with a panel of <see cref="Lanes"/> columns: the whole work of a descent step.</summary>
/// <remarks>
/// Six rows times 32 columns are kept in twenty-four 512-bit sums, so that a load of the panel serves six rows, and <see cref="Block"/> rows of the panel
/// stay in the first-level cache while all tiles pass. Every entry is one chain of fused multiply-adds in the order of the inner index, whatever the
/// blocks and the width of the machine's registers.
/// </remarks>
internal static class PanelProduct
{
    /// <summary>Columns of a panel.</summary>
    public const int Lanes = 32;

    /// <summary>Outputs that <see cref="Sum"/> makes at once.</summary>
    public const int OutputLanes = 8;

    // 24 KiB of a first-level cache of 32 KiB.
    private const int Block = 96;

    /// <summary>
    /// result[r, l] = Σ_p matrix[r, p] · panel[p, l] for l &lt; 32 and the padded rows r; with <paramref name="adds"/> the chain goes on from the result that
    /// is there. The result may not overlap the others. Cost 32 · rows · inner.
    /// </summary>
    public static void Multiply(TiledMatrix matrix, ReadOnlySpan<double> panel, Span<double> result, bool adds = false)
    {
        int inner = matrix.Inner;
        Debug.Assert(panel.Length == inner * Lanes && result.Length >= matrix.PaddedRows * Lanes, "shapes");
        ReadOnlySpan<double> tiles = matrix.Values;
        for (int p = 0; p < inner; p += Block)
        {
            int length = Math.Min(Block, inner - p);
            ReadOnlySpan<double> rows = panel.Slice(p * Lanes, length * Lanes);
            for (int r = 0; r < matrix.PaddedRows; r += TiledMatrix.Height)
            {
                Tile(tiles.Slice((r * inner) + (p * TiledMatrix.Height), length * TiledMatrix.Height), rows, result.Slice(r * Lanes, TiledMatrix.Height * Lanes), adds || p > 0);
            }
        }
    }

    /// <summary>result[k, i] = Σ_l panel[k, l] · weights[l, i] for whole tiles of rows k (each of 32 lanes) and a multiple of 8 outputs i.</summary>
    public static void Sum(ReadOnlySpan<double> panel, ReadOnlySpan<double> weights, Span<double> result)
    {
        int outputs = weights.Length / Lanes;
        Debug.Assert(weights.Length == Lanes * outputs && outputs % OutputLanes == 0 && panel.Length % (TiledMatrix.Height * Lanes) == 0, "shapes");
        for (int k = 0; k < panel.Length / Lanes; k += TiledMatrix.Height)
        {
            for (int i = 0; i < outputs; i += OutputLanes)
            {
                SixSums(panel.Slice(k * Lanes, TiledMatrix.Height * Lanes), weights[i..], outputs, result[((k * outputs) + i)..]);
            }
        }
    }

    // Compiled well at once: its first runs would otherwise be replaced in the middle of a loop by code that keeps sums in memory, five times slower,
    // and stay so for seconds on a busy machine.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(ReadOnlySpan<double> tile, ReadOnlySpan<double> panel, Span<double> result, bool adds)
    {
        ref double x = ref MemoryMarshal.GetReference(tile);
        ref double b = ref MemoryMarshal.GetReference(panel);
        ref double sums = ref MemoryMarshal.GetReference(result);
        Quad row0 = default, row1 = default, row2 = default, row3 = default, row4 = default, row5 = default;
        if (adds)
        {
            row0 = Quad.Load(ref sums, 0);
            row1 = Quad.Load(ref sums, Lanes);
            row2 = Quad.Load(ref sums, 2 * Lanes);
            row3 = Quad.Load(ref sums, 3 * Lanes);
            row4 = Quad.Load(ref sums, 4 * Lanes);
            row5 = Quad.Load(ref sums, 5 * Lanes);
        }

        for (int p = tile.Length / TiledMatrix.Height; p > 0; p--)
        {
            var column = Quad.Load(ref b, 0);
            row0.Add(x, column);
            row1.Add(Unsafe.Add(ref x, 1), column);
            row2.Add(Unsafe.Add(ref x, 2), column);
            row3.Add(Unsafe.Add(ref x, 3), column);
            row4.Add(Unsafe.Add(ref x, 4), column);
            row5.Add(Unsafe.Add(ref x, 5), column);
            x = ref Unsafe.Add(ref x, TiledMatrix.Height);
            b = ref Unsafe.Add(ref b, Lanes);
        }

        row0.Store(ref sums, 0);
        row1.Store(ref sums, Lanes);
        row2.Store(ref sums, 2 * Lanes);
        row3.Store(ref sums, 3 * Lanes);
        row4.Store(ref sums, 4 * Lanes);
        row5.Store(ref sums, 5 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SixSums(ReadOnlySpan<double> panel, ReadOnlySpan<double> weights, int outputs, Span<double> result)
    {
        ref double h = ref MemoryMarshal.GetReference(panel);
        ref double w = ref MemoryMarshal.GetReference(weights);
        Vector512<double> sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default;
        for (int l = 0; l < Lanes; l++)
        {
            Vector512<double> row = Vector512.LoadUnsafe(ref w, (nuint)(l * outputs));
            sum0 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref h, l)), row, sum0);
            sum1 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref h, l + Lanes)), row, sum1);
            sum2 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref h, l + (2 * Lanes))), row, sum2);
            sum3 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref h, l + (3 * Lanes))), row, sum3);
            sum4 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref h, l + (4 * Lanes))), row, sum4);
            sum5 = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref h, l + (5 * Lanes))), row, sum5);
        }

        sum0.CopyTo(result);
        sum1.CopyTo(result[outputs..]);
        sum2.CopyTo(result[(2 * outputs)..]);
        sum3.CopyTo(result[(3 * outputs)..]);
        sum4.CopyTo(result[(4 * outputs)..]);
        sum5.CopyTo(result[(5 * outputs)..]);
    }

    // Thirty-two doubles.
    private struct Quad
    {
        private Vector512<double> _v0, _v1, _v2, _v3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Quad Load(ref double start, nuint offset) => new()
        {
            _v0 = Vector512.LoadUnsafe(ref start, offset),
            _v1 = Vector512.LoadUnsafe(ref start, offset + 8),
            _v2 = Vector512.LoadUnsafe(ref start, offset + 16),
            _v3 = Vector512.LoadUnsafe(ref start, offset + 24),
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
        public readonly void Store(ref double start, nuint offset)
        {
            _v0.StoreUnsafe(ref start, offset);
            _v1.StoreUnsafe(ref start, offset + 8);
            _v2.StoreUnsafe(ref start, offset + 16);
            _v3.StoreUnsafe(ref start, offset + 24);
        }
    }
}
