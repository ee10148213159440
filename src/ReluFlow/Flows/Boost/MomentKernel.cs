using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ReluFlow.Flows.Boost;

/// <summary>Combines rows of a matrix with several coefficient columns at once: the hot kernel of the engine.</summary>
internal static class MomentKernel
{
    /// <summary>Doubles in the widest vector: rows are padded to multiples of it.</summary>
    public const int Lanes = 8;

    /// <summary>Whether 512-bit vectors are compiled to machine instructions. The runtime's own preference for 256 bits costs a factor of two here.</summary>
    public static bool HasWideVectors => Vector512.IsHardwareAccelerated || Avx512F.IsSupported;

    /// <summary>A length rounded up to whole vectors.</summary>
    public static int Padded(int length) => (length + Lanes - 1) / Lanes * Lanes;

    /// <summary>result[i, ·] = Σ_{k ∈ rows} coefficients[k · moments + i] · matrix[k, ·] for i = 0 … moments − 1.</summary>
    /// <param name="rows">Which rows take part.</param>
    /// <param name="coefficients">Row-major, one row of length <paramref name="moments"/> for each row of the matrix.</param>
    /// <param name="matrix">Row-major with rows of length <paramref name="stride"/>, a multiple of 8.</param>
    /// <param name="stride">Row length of matrix and result.</param>
    /// <param name="moments">Number of combinations.</param>
    /// <param name="result">moments × stride, overwritten; must not overlap the inputs.</param>
    public static void Combine(ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> matrix, int stride, int moments, Span<double> result)
    {
        if (!HasWideVectors)
        {
            CombineScalar(rows, coefficients, matrix, stride, moments, result);
            return;
        }

        for (int first = 0; first < moments; first += 3)
        {
            int count = Math.Min(3, moments - first);
            int column = 0;
            for (; count == 3 && column + (3 * Lanes) <= stride; column += 3 * Lanes)
            {
                CombineThreeByThree(rows, coefficients, matrix, stride, moments, first, column, result);
            }

            for (; count == 1 && column + (4 * Lanes) <= stride; column += 4 * Lanes)
            {
                CombineOneByFour(rows, coefficients, matrix, stride, moments, first, column, result);
            }

            for (; column < stride; column += Lanes)
            {
                CombineOneVector(rows, coefficients, matrix, stride, moments, (first, count, column), result);
            }
        }
    }

    /// <summary>The same sums by library vector operations: the second route, and the path where 512-bit vectors are missing.</summary>
    internal static void CombineScalar(ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> matrix, int stride, int moments, Span<double> result)
    {
        result[..(moments * stride)].Clear();
        foreach (int k in rows)
        {
            ReadOnlySpan<double> row = matrix.Slice(k * stride, stride);
            for (int i = 0; i < moments; i++)
            {
                Span<double> target = result.Slice(i * stride, stride);
                TensorPrimitives.MultiplyAdd(row, coefficients[(k * moments) + i], target, target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineThreeByThree(ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> matrix, int stride, int moments, int first, int column, Span<double> result)
    {
        ref double m = ref MemoryMarshal.GetReference(matrix);
        ref double c = ref MemoryMarshal.GetReference(coefficients);
        Vector512<double> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default, c0 = default, c1 = default, c2 = default;
        foreach (int k in rows)
        {
            ref double row = ref Unsafe.Add(ref m, (k * stride) + column);
            Vector512<double> x0 = Vector512.LoadUnsafe(ref row), x1 = Vector512.LoadUnsafe(ref row, Lanes), x2 = Vector512.LoadUnsafe(ref row, 2 * Lanes);
            ref double coefficient = ref Unsafe.Add(ref c, (k * moments) + first);
            Vector512<double> f = Vector512.Create(coefficient);
            a0 = Vector512.FusedMultiplyAdd(f, x0, a0);
            a1 = Vector512.FusedMultiplyAdd(f, x1, a1);
            a2 = Vector512.FusedMultiplyAdd(f, x2, a2);
            f = Vector512.Create(Unsafe.Add(ref coefficient, 1));
            b0 = Vector512.FusedMultiplyAdd(f, x0, b0);
            b1 = Vector512.FusedMultiplyAdd(f, x1, b1);
            b2 = Vector512.FusedMultiplyAdd(f, x2, b2);
            f = Vector512.Create(Unsafe.Add(ref coefficient, 2));
            c0 = Vector512.FusedMultiplyAdd(f, x0, c0);
            c1 = Vector512.FusedMultiplyAdd(f, x1, c1);
            c2 = Vector512.FusedMultiplyAdd(f, x2, c2);
        }

        ref double r = ref Unsafe.Add(ref MemoryMarshal.GetReference(result), (first * stride) + column);
        a0.StoreUnsafe(ref r);
        a1.StoreUnsafe(ref r, Lanes);
        a2.StoreUnsafe(ref r, 2 * Lanes);
        r = ref Unsafe.Add(ref r, stride);
        b0.StoreUnsafe(ref r);
        b1.StoreUnsafe(ref r, Lanes);
        b2.StoreUnsafe(ref r, 2 * Lanes);
        r = ref Unsafe.Add(ref r, stride);
        c0.StoreUnsafe(ref r);
        c1.StoreUnsafe(ref r, Lanes);
        c2.StoreUnsafe(ref r, 2 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineOneByFour(ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> matrix, int stride, int moments, int first, int column, Span<double> result)
    {
        ref double m = ref MemoryMarshal.GetReference(matrix);
        ref double c = ref MemoryMarshal.GetReference(coefficients);
        Vector512<double> a0 = default, a1 = default, a2 = default, a3 = default;
        foreach (int k in rows)
        {
            ref double row = ref Unsafe.Add(ref m, (k * stride) + column);
            Vector512<double> f = Vector512.Create(Unsafe.Add(ref c, (k * moments) + first));
            a0 = Vector512.FusedMultiplyAdd(f, Vector512.LoadUnsafe(ref row), a0);
            a1 = Vector512.FusedMultiplyAdd(f, Vector512.LoadUnsafe(ref row, Lanes), a1);
            a2 = Vector512.FusedMultiplyAdd(f, Vector512.LoadUnsafe(ref row, 2 * Lanes), a2);
            a3 = Vector512.FusedMultiplyAdd(f, Vector512.LoadUnsafe(ref row, 3 * Lanes), a3);
        }

        ref double r = ref Unsafe.Add(ref MemoryMarshal.GetReference(result), (first * stride) + column);
        a0.StoreUnsafe(ref r);
        a1.StoreUnsafe(ref r, Lanes);
        a2.StoreUnsafe(ref r, 2 * Lanes);
        a3.StoreUnsafe(ref r, 3 * Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CombineOneVector(ReadOnlySpan<int> rows, ReadOnlySpan<double> coefficients, ReadOnlySpan<double> matrix, int stride, int moments, (int First, int Count, int Column) block, Span<double> result)
    {
        ref double m = ref MemoryMarshal.GetReference(matrix);
        ref double coefficient = ref MemoryMarshal.GetReference(coefficients);
        Vector512<double> a = default, b = default, c = default;
        foreach (int k in rows)
        {
            Vector512<double> x = Vector512.LoadUnsafe(ref m, (nuint)((k * stride) + block.Column));
            ref double at = ref Unsafe.Add(ref coefficient, (k * moments) + block.First);
            a = Vector512.FusedMultiplyAdd(Vector512.Create(at), x, a);
            if (block.Count > 1)
            {
                b = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref at, 1)), x, b);
            }

            if (block.Count > 2)
            {
                c = Vector512.FusedMultiplyAdd(Vector512.Create(Unsafe.Add(ref at, 2)), x, c);
            }
        }

        a.CopyTo(result[((block.First * stride) + block.Column)..]);
        if (block.Count > 1)
        {
            b.CopyTo(result[(((block.First + 1) * stride) + block.Column)..]);
        }

        if (block.Count > 2)
        {
            c.CopyTo(result[(((block.First + 2) * stride) + block.Column)..]);
        }
    }

    /// <summary>result = start + Σ_i factors[i] · moments[i, ·]; start and result of length <paramref name="stride"/>, a multiple of 8. They may be the same.</summary>
    public static void Advance(ReadOnlySpan<double> start, ReadOnlySpan<double> moments, ReadOnlySpan<double> factors, int stride, Span<double> result)
    {
        if (!HasWideVectors)
        {
            start[..stride].CopyTo(result);
            for (int i = 0; i < factors.Length; i++)
            {
                TensorPrimitives.MultiplyAdd(moments.Slice(i * stride, stride), factors[i], result[..stride], result[..stride]);
            }

            return;
        }

        ref double m = ref MemoryMarshal.GetReference(moments);
        ref double from = ref MemoryMarshal.GetReference(start);
        ref double to = ref MemoryMarshal.GetReference(result);
        for (int column = 0; column < stride; column += Lanes)
        {
            Vector512<double> sum = Vector512.LoadUnsafe(ref from, (nuint)column);
            for (int i = 0; i < factors.Length; i++)
            {
                sum = Vector512.FusedMultiplyAdd(Vector512.Create(factors[i]), Vector512.LoadUnsafe(ref m, (nuint)((i * stride) + column)), sum);
            }

            sum.StoreUnsafe(ref to, (nuint)column);
        }
    }

    /// <summary>⟨x, y⟩ of two rows of length stride, a multiple of 8.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (!HasWideVectors)
        {
            return TensorPrimitives.Dot(x, y);
        }

        ref double a = ref MemoryMarshal.GetReference(x);
        ref double b = ref MemoryMarshal.GetReference(y);
        Vector512<double> even = default, odd = default;
        int column = 0;
        for (; column + (2 * Lanes) <= x.Length; column += 2 * Lanes)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)column), Vector512.LoadUnsafe(ref b, (nuint)column), even);
            odd = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)(column + Lanes)), Vector512.LoadUnsafe(ref b, (nuint)(column + Lanes)), odd);
        }

        if (column < x.Length)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)column), Vector512.LoadUnsafe(ref b, (nuint)column), even);
        }

        return Vector512.Sum(even + odd);
    }

    /// <summary>‖x‖ of a row of length stride.</summary>
    public static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(Dot(x, x));

    /// <summary>y += factor · x for rows of equal length, a multiple of 8.</summary>
    public static void AddMultiple(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        if (!HasWideVectors)
        {
            TensorPrimitives.MultiplyAdd(x, factor, y, y);
            return;
        }

        ref double from = ref MemoryMarshal.GetReference(x);
        ref double to = ref MemoryMarshal.GetReference(y);
        Vector512<double> f = Vector512.Create(factor);
        for (int column = 0; column < x.Length; column += Lanes)
        {
            Vector512.FusedMultiplyAdd(f, Vector512.LoadUnsafe(ref from, (nuint)column), Vector512.LoadUnsafe(ref to, (nuint)column)).StoreUnsafe(ref to, (nuint)column);
        }
    }

    /// <summary>y += factor · x in complex numbers with separate parts, all of one length, a multiple of 8.</summary>
    public static void AddComplexMultiple(ReadOnlySpan<double> xRe, ReadOnlySpan<double> xIm, (double Re, double Im) factor, Span<double> yRe, Span<double> yIm)
    {
        if (!HasWideVectors)
        {
            TensorPrimitives.MultiplyAdd(xRe, factor.Re, yRe, yRe);
            TensorPrimitives.MultiplyAdd(xIm, -factor.Im, yRe, yRe);
            TensorPrimitives.MultiplyAdd(xRe, factor.Im, yIm, yIm);
            TensorPrimitives.MultiplyAdd(xIm, factor.Re, yIm, yIm);
            return;
        }

        ref double fromRe = ref MemoryMarshal.GetReference(xRe);
        ref double fromIm = ref MemoryMarshal.GetReference(xIm);
        ref double toRe = ref MemoryMarshal.GetReference(yRe);
        ref double toIm = ref MemoryMarshal.GetReference(yIm);
        Vector512<double> re = Vector512.Create(factor.Re), im = Vector512.Create(factor.Im);
        for (int column = 0; column < xRe.Length; column += Lanes)
        {
            Vector512<double> x = Vector512.LoadUnsafe(ref fromRe, (nuint)column), y = Vector512.LoadUnsafe(ref fromIm, (nuint)column);
            Vector512<double> sumRe = Vector512.FusedMultiplyAdd(re, x, Vector512.LoadUnsafe(ref toRe, (nuint)column));
            Vector512<double> sumIm = Vector512.FusedMultiplyAdd(im, x, Vector512.LoadUnsafe(ref toIm, (nuint)column));
            Vector512.FusedMultiplyAdd(-im, y, sumRe).StoreUnsafe(ref toRe, (nuint)column);
            Vector512.FusedMultiplyAdd(re, y, sumIm).StoreUnsafe(ref toIm, (nuint)column);
        }
    }

    /// <summary>result = α x + β y for rows of equal length, a multiple of 8. The result may be x or y.</summary>
    public static void Mix(ReadOnlySpan<double> x, double alpha, ReadOnlySpan<double> y, double beta, Span<double> result)
    {
        if (!HasWideVectors)
        {
            for (int i = 0; i < x.Length; i++)
            {
                result[i] = Math.FusedMultiplyAdd(beta, y[i], alpha * x[i]);
            }

            return;
        }

        ref double first = ref MemoryMarshal.GetReference(x);
        ref double second = ref MemoryMarshal.GetReference(y);
        ref double to = ref MemoryMarshal.GetReference(result);
        Vector512<double> a = Vector512.Create(alpha), b = Vector512.Create(beta);
        for (int column = 0; column < x.Length; column += Lanes)
        {
            Vector512.FusedMultiplyAdd(b, Vector512.LoadUnsafe(ref second, (nuint)column), a * Vector512.LoadUnsafe(ref first, (nuint)column)).StoreUnsafe(ref to, (nuint)column);
        }
    }
}
