using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <summary>Where the power series of a pre-activation, on [0, 1] in the time of a segment, first leaves its side of 0.</summary>
internal static class BoundaryPolynomial
{
    /// <summary>In how many subintervals a sign change is looked for: the lanes of one vector.</summary>
    public const int Subintervals = MomentKernel.Lanes;

    /// <summary>A Newton step below this share of u is rounding: waiting for less would bisect to the end.</summary>
    private const double Converged = 1e-15;

    private static readonly double[] _subintervalEnds = [.. Enumerable.Range(1, Subintervals).Select(i => (double)i / Subintervals)];

    /// <summary>Whether side · polynomial exceeds a level on [0, 1] because its value at 0 outweighs all terms that pull down.</summary>
    public static bool StaysAbove(ReadOnlySpan<double> polynomial, double side, double level)
    {
        double least = side * polynomial[0];
        for (int k = 1; k < polynomial.Length; k++)
        {
            least += Math.Min(0, side * polynomial[k]);
        }

        return least > level;
    }

    /// <summary>The first u ≤ <paramref name="limit"/> at which side · polynomial falls below 0 (by more than rounding somewhere after); 2 where it does not.</summary>
    public static double FirstBelow(ReadOnlySpan<double> polynomial, double side, double limit, double rounding, out double turning, out double turningAt)
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

            if (Math.Abs(next - u) <= Converged * Math.Max(u, 1e-3) || next == left || next == right)
            {
                return next;
            }

            u = next;
        }

        return u;
    }
}
