using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <content>Where in a Taylor segment the first gate changes or slide ends.</content>
internal sealed partial class NeuronPropagator
{
    private const int Subintervals = Lanes;
    private static readonly double[] _subintervalEnds = [.. Enumerable.Range(1, Subintervals).Select(i => (double)i / Subintervals)];
    private readonly double[] _velocities;

    private (double U, int Crossing, int Exiting, bool ExitOpen, bool SignFlips) FirstEvent(double length)
    {
        double u = 1;
        int crossing = -1, exiting = -1;
        bool exitOpen = false, signFlips = false;
        if (_frozen)
        {
            return (1, -1, -1, false, false);
        }

        if (_c == 1 && _balance < 0 && FirstSignFlip() is double flip and < 1)
        {
            (u, signFlips) = (flip, true);
        }

        int candidates = FindCandidates();
        double size = TensorPrimitives.Norm<double>(_w);
        for (int i = 0; i < candidates; i++)
        {
            int ray = _candidates[i];
            double side = _gates[ray] == Gate.Active ? 1 : -1;
            ExpandPreactivation(ray);
            if (StaysAbove(_zSeries.AsSpan(0, _order + _signal.Monomials + 1), side, _request.Record ? Clearance.Value * size * _span.Norms[ray] : 0))
            {
                continue;
            }

            double at = FirstBelow(_zSeries.AsSpan(0, _order + _signal.Monomials + 1), side, u, BoundaryRounding * size * _span.Norms[ray], out double turning, out double turningAt);
            if (at < u || (at <= u && crossing < 0 && at < 1))
            {
                (u, crossing, signFlips) = (at, ray, false);
            }
            else if (_request.Record)
            {
                NoteClearance(turning, _sigma + (turningAt * length), ray);
            }
        }

        for (int i = 0; i < _slides.Count; i++)
        {
            (double at, bool open) = FirstExit(i, length, u);
            if (at < u)
            {
                (u, crossing, exiting, exitOpen, signFlips) = (at, -1, _slides.Rays[i], open, false);
            }
        }

        return (u, crossing, exiting, exitOpen, signFlips);
    }

    /// <summary>Power series of z_k in the segment: z' = (Σ_m q_m u^m)·a.</summary>
    private void ExpandPreactivation(int ray)
    {
        int s = _signal.Monomials, c = _c;
        for (int m = 0; m < s; m++)
        {
            for (int o = 0; o < c; o++)
            {
                double value = 0;
                for (int i = m; i < s; i++)
                {
                    value += _shift[(m * s) + i] * _q[(((i * c) + o) * _span.RayStride) + ray];
                }

                _localQ[(m * c) + o] = value;
            }
        }

        _zSeries[0] = _z[ray];
        int degree = _order + s;
        for (int k = 1; k <= degree; k++)
        {
            double sum = 0;
            for (int m = Math.Max(0, k - 1 - _order); m < s && m < k; m++)
            {
                for (int o = 0; o < c; o++)
                {
                    sum += _localQ[(m * c) + o] * _series[((k - 1 - m) * c) + o];
                }
            }

            _zSeries[k] = sum * _reciprocals[k];
        }
    }

    /// <summary>Whether side · polynomial exceeds a level on [0, 1] because its value at 0 outweighs all terms that pull down.</summary>
    private static bool StaysAbove(ReadOnlySpan<double> polynomial, double side, double level)
    {
        double least = side * polynomial[0];
        for (int k = 1; k < polynomial.Length; k++)
        {
            least += Math.Min(0, side * polynomial[k]);
        }

        return least > level;
    }

    /// <summary>The first u ≤ <paramref name="limit"/> at which side · polynomial falls below 0 (by more than rounding somewhere after); 2 where it does not.</summary>
    private static double FirstBelow(ReadOnlySpan<double> polynomial, double side, double limit, double rounding, out double turning, out double turningAt)
    {
        turning = double.PositiveInfinity;
        turningAt = 0;
        Span<double> values = stackalloc double[Subintervals], slopes = stackalloc double[Subintervals];
        HornerAtSubintervals(polynomial, side, limit, values, slopes);
        double left = 0, value = side * polynomial[0], slope = polynomial.Length > 1 ? side * polynomial[1] : 0;
        for (int i = 1; i <= Subintervals; i++)
        {
            double right = limit * i / Subintervals, rightValue = values[i - 1], rightSlope = slopes[i - 1];
            if (slope < 0 && rightSlope > 0)
            {
                double bottom = SlopeZero(polynomial, side, left, right);
                double bottomValue = side * Horner(polynomial, bottom, out _);
                if (bottomValue < -rounding)
                {
                    return Root(polynomial, side, left, bottom);
                }

                if (bottomValue >= 0 && bottomValue < turning)
                {
                    (turning, turningAt) = (bottomValue, bottom);
                }
            }

            if (rightValue < -rounding && (rightSlope < 0 || value >= 0))
            {
                // From the boundary upward and back: not where it stands but where it returns.
                double above = value <= 0 && slope > 0 ? SlopeZero(polynomial, -side, left, right) : left;
                return Root(polynomial, side, above, right);
            }

            (left, value, slope) = (right, rightValue, rightSlope);
        }

        return 2;
    }

    /// <summary>side · polynomial and its slope at the ends of the subintervals of [0, limit], which are the lanes of one vector.</summary>
    private static void HornerAtSubintervals(ReadOnlySpan<double> polynomial, double side, double limit, Span<double> values, Span<double> slopes)
    {
        Vector512<double> u = Vector512.Create(_subintervalEnds) * limit, value = default, slope = default;
        for (int k = polynomial.Length - 1; k >= 0; k--)
        {
            slope = Vector512.FusedMultiplyAdd(slope, u, value);
            value = Vector512.FusedMultiplyAdd(value, u, Vector512.Create(side * polynomial[k]));
        }

        value.CopyTo(values);
        slope.CopyTo(slopes);
    }

    private static double Horner(ReadOnlySpan<double> polynomial, double u, out double slope)
    {
        double value = 0;
        slope = 0;
        for (int k = polynomial.Length - 1; k >= 0; k--)
        {
            slope = (slope * u) + value;
            value = (value * u) + polynomial[k];
        }

        return value;
    }

    private static double SlopeZero(ReadOnlySpan<double> polynomial, double side, double left, double right)
    {
        for (int i = 0; i < 60 && right - left > 1e-16 * right; i++)
        {
            double middle = (left + right) / 2;
            _ = Horner(polynomial, middle, out double slope);
            (left, right) = side * slope < 0 ? (middle, right) : (left, middle);
        }

        return (left + right) / 2;
    }

    /// <summary>The zero in [left, right] of a function that is not negative on the left and negative on the right: Newton, kept inside by bisection.</summary>
    private static double Root(ReadOnlySpan<double> polynomial, double side, double left, double right)
    {
        if (side * Horner(polynomial, left, out _) <= 0)
        {
            return left;
        }

        double u = (left + right) / 2;
        for (int i = 0; i < 100; i++)
        {
            double value = side * Horner(polynomial, u, out double slope);
            (left, right) = value > 0 ? (u, right) : (left, u);
            double next = u - (value / (side * slope));
            if (!(next > left && next < right))
            {
                next = (left + right) / 2;
            }

            if (Math.Abs(next - u) <= 2e-16 * Math.Max(u, 1e-3) || next == left || next == right)
            {
                return next;
            }

            u = next;
        }

        return u;
    }

    private double FirstSignFlip()
    {
        double sign = Math.Sign(_a[0]) is var s && s != 0 ? s : Math.Sign(_series[_c]);
        if (sign == 0)
        {
            return 2;
        }

        // A start on a = 0 moves away from it; only a later return counts.
        ReadOnlySpan<double> polynomial = _series.AsSpan(0, _order + 1);
        return FirstBelow(polynomial, sign, 1, 0, out _, out _) is var at && at > 1e-14 ? at : 2;
    }

    /// <summary>When θ_k of the i-th sliding boundary leaves [0, 1]: c_k·a leaves the range between a·b_k and 0.</summary>
    private (double U, bool Open) FirstExit(int index, double length, double limit)
    {
        int ray = _slides.Rays[index];
        double scale = 0;
        for (int i = 0; i < _m; i++)
        {
            scale = Math.Max(scale, Math.Abs(_signal.Coefficients[(ray * _m) + i]));
        }

        if (_c == 1 && MarginsHold(index, ray, _sigma + (limit * length)))
        {
            return (2, false);
        }

        double rounding = 1e-13 * scale * Math.Max(1e-3, TensorPrimitives.Norm<double>(_a));
        double left = 0;
        for (int i = 0; i <= Subintervals; i++)
        {
            double right = limit * i / Subintervals;
            (double closed, double open) = Margins(index, ray, right, length);
            bool leavesClosed = closed < -rounding, leavesOpen = open < -rounding;
            if (i == 0 && (leavesClosed || leavesOpen))
            {
                return (0, open < closed);
            }

            if (leavesClosed || leavesOpen)
            {
                // Both may be behind it here; the one that was met first decides.
                double atClosed = leavesClosed ? BisectMargin(index, ray, (left, right), length, open: false) : 2;
                double atOpen = leavesOpen ? BisectMargin(index, ray, (left, right), length, open: true) : 2;
                return (Math.Min(atClosed, atOpen), atOpen < atClosed);
            }

            left = right;
        }

        return (2, false);
    }

    /// <summary>
    /// −c_k·a and (c_k − b_k)·a: both ≥ 0 while the neuron slides. With an opposite ray x' = −γ x, whose gate is open on the closed side, the closed end
    /// is −γ b' instead of 0.
    /// </summary>
    private (double Closed, double Open) Margins(int index, int ray, double u, double length)
    {
        int s = _signal.Monomials, opposite = _span.Opposite[ray];
        double sigma = _sigma + (u * length), closed = 0, open = 0, ratio = opposite < 0 ? 0 : _span.Norms[opposite] / _span.Norms[ray];
        for (int o = 0; o < _c; o++)
        {
            double multiplier = 0;
            for (int i = s - 1; i >= 0; i--)
            {
                multiplier = (multiplier * sigma) + _multipliers[(index * _m) + (i * _c) + o];
            }

            double a = _c == 1 ? Math.Sign(_a[0]) : SeriesA(u, o);
            closed -= (multiplier + (opposite < 0 ? 0 : ratio * _signal.At(opposite, o, sigma))) * a;
            open += (multiplier - _signal.At(ray, o, sigma)) * a;
        }

        return (closed, open);
    }

    /// <summary>Whether both margins (one output) stay positive up to a σ because their values here outweigh all that their higher terms can take away.</summary>
    private bool MarginsHold(int index, int ray, double end)
    {
        (double closed, double open) = Margins(index, ray, 0, 0);
        int opposite = _span.Opposite[ray];
        double from = 1, to = 1, ratio = opposite < 0 ? 0 : _span.Norms[opposite] / _span.Norms[ray];
        for (int i = 1; i < _m; i++)
        {
            from *= _sigma;
            to *= end;
            double multiplier = _multipliers[(index * _m) + i];
            closed -= Math.Abs(multiplier + (opposite < 0 ? 0 : ratio * _signal.Coefficients[(opposite * _m) + i])) * (to - from);
            open -= Math.Abs(multiplier - _signal.Coefficients[(ray * _m) + i]) * (to - from);
        }

        return closed > 0 && open > 0;
    }

    private double BisectMargin(int index, int ray, (double Left, double Right) bracket, double length, bool open)
    {
        (double left, double right) = bracket;
        for (int i = 0; i < 80; i++)
        {
            double middle = (left + right) / 2;
            if (middle <= left || middle >= right)
            {
                break;
            }

            (double closedMargin, double openMargin) = Margins(index, ray, middle, length);
            (left, right) = (open ? openMargin : closedMargin) < 0 ? (left, middle) : (middle, right);
        }

        return right;
    }

    /// <summary>Keeps a turning point at distance <paramref name="height"/> = |z| where it is the closest so far.</summary>
    private void NoteClearance(double height, double sigma, int ray)
    {
        double value = height / (MomentKernel.Norm(_w) * _span.Norms[ray]);
        // Nearer than this the neuron stands on the boundary, which it has just crossed or left.
        if (value < Clearance.Value && value > ApexRounding)
        {
            Clearance = new StepClearance(value, sigma, _neuron, ray);
        }
    }

    /// <summary>side · z' of every ray here, kept until <see cref="NoteTurns"/> sees what a gate change makes of it.</summary>
    private void KeepVelocities()
    {
        for (int k = 0; k < _span.Rays && _request.Record; k++)
        {
            _velocities[k] = _sides[k] * VelocityAt(k);
        }
    }

    /// <summary>Rays that the neuron approached until another gate changed and leaves from there.</summary>
    private void NoteTurns()
    {
        for (int k = 0; k < _span.Rays && _request.Record; k++)
        {
            if (_velocities[k] < 0 && _sides[k] * VelocityAt(k) > 0 && _sides[k] * _z[k] > 0)
            {
                NoteClearance(Math.Abs(_z[k]), _sigma, k);
            }
        }
    }

    /// <summary>z' = ⟨x_k, D(σ) a⟩ with the moments at hand.</summary>
    private double VelocityAt(int ray)
    {
        double velocity = 0;
        for (int o = 0; o < _c; o++)
        {
            double q = 0;
            for (int i = _signal.Monomials - 1; i >= 0; i--)
            {
                q = (q * _sigma) + _q[(((i * _c) + o) * _span.RayStride) + ray];
            }

            velocity += q * _a[o];
        }

        return velocity;
    }
}
