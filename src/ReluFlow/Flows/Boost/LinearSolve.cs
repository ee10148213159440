using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <summary>LU factorisation with partial pivoting of I + (μ + iν) M for a real M, kept as separate real and imaginary parts so that rows are vectors.</summary>
/// <remarks>The library decomposition allocates at each call; this one is called once or twice a step on the hot path and allocates nothing.</remarks>
internal sealed class LinearSolve(int size)
{
    // A row has room for a whole vector behind its last entry, so that vectors may start at any column.
    private readonly int _stride = MomentKernel.Padded(size) + MomentKernel.Lanes;
    private readonly double[] _re = new double[size * (MomentKernel.Padded(size) + MomentKernel.Lanes)];
    private readonly double[] _im = new double[size * (MomentKernel.Padded(size) + MomentKernel.Lanes)];
    private readonly int[] _pivot = new int[size];
    private bool _complex;

    /// <summary>Factorises I + (re + i im) M, M size × size row-major. Cost O(size³).</summary>
    public void Factorize(ReadOnlySpan<double> m, double re, double im)
    {
        _complex = im != 0;
        for (int i = 0; i < size; i++)
        {
            TensorPrimitives.Multiply(m.Slice(i * size, size), re, _re.AsSpan(i * _stride));
            _re[(i * _stride) + i] += 1;
            if (_complex)
            {
                TensorPrimitives.Multiply(m.Slice(i * size, size), im, _im.AsSpan(i * _stride));
            }
        }

        for (int k = 0; k < size; k++)
        {
            Pivot(k);
            Eliminate(k);
        }
    }

    /// <summary>Solves in place for a right-hand side re + i im, each of length size. Cost O(size²).</summary>
    public void Solve(Span<double> re, Span<double> im)
    {
        for (int k = 0; k < size; k++)
        {
            int p = _pivot[k];
            (re[k], re[p]) = (re[p], re[k]);
            (im[k], im[p]) = (im[p], im[k]);
        }

        for (int i = 0; i < size; i++)
        {
            Subtract(i, 0, i, re, im);
        }

        for (int i = size - 1; i >= 0; i--)
        {
            Subtract(i, i + 1, size - i - 1, re, im);
            double dr = _re[(i * _stride) + i], di = _complex ? _im[(i * _stride) + i] : 0, norm = (dr * dr) + (di * di);
            (re[i], im[i]) = (((re[i] * dr) + (im[i] * di)) / norm, ((im[i] * dr) - (re[i] * di)) / norm);
        }
    }

    private void Subtract(int row, int from, int count, Span<double> re, Span<double> im)
    {
        if (count == 0)
        {
            return;
        }

        ReadOnlySpan<double> lr = _re.AsSpan((row * _stride) + from, count), xr = re.Slice(from, count), xi = im.Slice(from, count);
        double sr = TensorPrimitives.Dot(lr, xr), si = TensorPrimitives.Dot(lr, xi);
        if (_complex)
        {
            ReadOnlySpan<double> li = _im.AsSpan((row * _stride) + from, count);
            sr -= TensorPrimitives.Dot(li, xi);
            si += TensorPrimitives.Dot(li, xr);
        }

        re[row] -= sr;
        im[row] -= si;
    }

    private void Pivot(int k)
    {
        int best = k;
        double largest = -1;
        for (int i = k; i < size; i++)
        {
            int at = (i * _stride) + k;
            double magnitude = Math.Abs(_re[at]) + (_complex ? Math.Abs(_im[at]) : 0);
            if (magnitude > largest)
            {
                (best, largest) = (i, magnitude);
            }
        }

        _pivot[k] = best;
        if (best != k)
        {
            SwapRows(_re, k, best);
            if (_complex)
            {
                SwapRows(_im, k, best);
            }
        }
    }

    private void SwapRows(double[] matrix, int i, int l)
    {
        Span<double> a = matrix.AsSpan(i * _stride, size), b = matrix.AsSpan(l * _stride, size);
        for (int k = 0; k < size; k++)
        {
            (a[k], b[k]) = (b[k], a[k]);
        }
    }

    private void Eliminate(int k)
    {
        int diagonal = (k * _stride) + k, rest = MomentKernel.Padded(size - k - 1);
        double dr = _re[diagonal], di = _complex ? _im[diagonal] : 0, norm = (dr * dr) + (di * di);
        ReadOnlySpan<double> pivotRe = _re.AsSpan(diagonal + 1, rest), pivotIm = _im.AsSpan(diagonal + 1, rest);
        for (int i = k + 1; i < size; i++)
        {
            int at = (i * _stride) + k;
            double ar = _re[at], ai = _complex ? _im[at] : 0;
            if (ar == 0 && ai == 0)
            {
                continue;
            }

            double lr = ((ar * dr) + (ai * di)) / norm, li = ((ai * dr) - (ar * di)) / norm;
            _re[at] = lr;
            if (_complex)
            {
                _im[at] = li;
                MomentKernel.AddComplexMultiple(pivotRe, pivotIm, (-lr, -li), _re.AsSpan(at + 1, rest), _im.AsSpan(at + 1, rest));
            }
            else
            {
                MomentKernel.AddMultiple(pivotRe, -lr, _re.AsSpan(at + 1, rest));
            }
        }
    }
}
