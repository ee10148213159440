using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows;

/// <summary>The left factor of a <see cref="PanelProduct"/>, laid out in the order in which the product reads it: tiles of six rows, each column after column.</summary>
/// <remarks>Entry (r, p) lies at (⌊r/6⌋ · inner + p) · 6 + r mod 6. Rows that the last tile lacks are zero, so that a product knows whole tiles only.</remarks>
internal sealed class TiledMatrix(int rows, int inner)
{
    /// <summary>Rows of a tile.</summary>
    public const int Height = 6;

    private readonly double[] _values = new double[Padded(rows) * inner];

    /// <summary>Rows, the zero ones of the last tile counted.</summary>
    public int PaddedRows { get; private set; }

    /// <summary>Columns.</summary>
    public int Inner { get; private set; }

    /// <summary>The tiles.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, PaddedRows * Inner);

    /// <summary>The least multiple of six that is at least so many rows.</summary>
    public static int Padded(int rows) => (rows + Height - 1) / Height * Height;

    /// <summary>Takes rows × inner entries, no more of either than there is room; entry (r, p) lies at r · stride.Row + p · stride.Inner, so that a transpose costs nothing.</summary>
    public void Take(ReadOnlySpan<double> matrix, (int Row, int Inner) stride, int rows, int inner)
    {
        PaddedRows = Padded(rows);
        Inner = inner;
        for (int r = 0; r < rows; r += Height)
        {
            Span<double> tile = _values.AsSpan(r * inner, Height * inner);
            ReadOnlySpan<double> from = matrix[(r * stride.Row)..];
            int height = Math.Min(Height, rows - r);
            if (height < Height)
            {
                TakeSome(from, stride, height, tile);
            }
            else if (stride.Row == 1)
            {
                TakeAdjacent(from, stride.Inner, tile);
            }
            else
            {
                TakeApart(from, stride, tile);
            }
        }
    }

    private static void TakeSome(ReadOnlySpan<double> from, (int Row, int Inner) stride, int height, Span<double> tile)
    {
        tile.Clear();
        for (int p = 0; p < tile.Length / Height; p++)
        {
            for (int r = 0; r < height; r++)
            {
                tile[(p * Height) + r] = from[(r * stride.Row) + (p * stride.Inner)];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeAdjacent(ReadOnlySpan<double> from, int stride, Span<double> tile)
    {
        for (int p = 0; p < tile.Length / Height; p++)
        {
            ReadOnlySpan<double> six = from.Slice(p * stride, Height);
            Span<double> place = tile.Slice(p * Height, Height);
            Vector256.Create(six).CopyTo(place);
            Vector128.Create(six[4..]).CopyTo(place[4..]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TakeApart(ReadOnlySpan<double> from, (int Row, int Inner) stride, Span<double> tile)
    {
        ReadOnlySpan<double> row1 = from[stride.Row..], row2 = from[(2 * stride.Row)..], row3 = from[(3 * stride.Row)..];
        ReadOnlySpan<double> row4 = from[(4 * stride.Row)..], row5 = from[(5 * stride.Row)..];
        for (int p = 0, at = 0; at < tile.Length; p += stride.Inner, at += Height)
        {
            Span<double> place = tile.Slice(at, Height);
            place[5] = row5[p];
            place[0] = from[p];
            place[1] = row1[p];
            place[2] = row2[p];
            place[3] = row3[p];
            place[4] = row4[p];
        }
    }
}
