using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <content>Eight rows of a table at a time: read and written.</content>
internal sealed partial class MemberPass
{
    /// <summary>Writes rows with their scale renewed: the larger of |a| and ‖w‖ is 1.</summary>
    private static void Store(MemberTable to, (int First, int Count) rows, ReadOnlySpan<Vector512<double>> v, Vector512<double> logScale, Vector512<double> balance)
    {
        Vector512<double> w = Vector512.Sqrt(SquaredNorm(v[..^1]));
        Vector512<double> size = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(balance, default), Vector512.Abs(v[^1]), w);
        Vector512<double> divisor = Vector512.ConditionalSelect(Vector512.GreaterThan(size, default), size, Vector512<double>.One);
        for (int i = 0; i < to.W.Length; i++)
        {
            Put(to.W[i], rows, v[i] / divisor);
        }

        Put(to.A, rows, v[^1] / divisor);
        Put(to.LogScale, rows, logScale + Vector512.Log(divisor));
    }

    private static void Put(double[] column, (int First, int Count) rows, Vector512<double> value)
    {
        if (rows.Count == Lanes)
        {
            value.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)rows.First);
            return;
        }

        // The rows behind belong to another chunk.
        for (int lane = 0; lane < rows.Count; lane++)
        {
            column[rows.First + lane] = value[lane];
        }
    }

    private static void Load(MemberTable from, int row, Span<Vector512<double>> v)
    {
        for (int i = 0; i < from.W.Length; i++)
        {
            v[i] = Load(from.W[i], row);
        }

        v[from.W.Length] = Load(from.A, row);
    }

    private static Vector512<double> Load(double[] column, int row) => Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(column), (nuint)row);

    private static Vector512<double> MaskOf(ulong lanes)
    {
        Vector512<long> bits = Vector512.Create(1L, 2, 4, 8, 16, 32, 64, 128);
        return Vector512.Equals(Vector512.Create((long)lanes) & bits, bits).AsDouble();
    }
}
