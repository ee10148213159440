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

    /// <summary>The first u of an interval at which side · polynomial falls below 0 (by more than rounding somewhere after); 2 where it does not.</summary>
    public static double FirstBelow(ReadOnlySpan<double> polynomial, double side, (double From, double To) between, double rounding, out double turning, out double turningAt)
    {
        turning = double.PositiveInfinity;
        turningAt = 0;
        Span<double> values = stackalloc double[Subintervals], slopes = stackalloc double[Subintervals];
        HornerAtSubintervals(polynomial, side, between, values, slopes);
        double left = between.From, step = (between.To - between.From) / Subintervals;
        (double value, double slope, _) = left > 0 ? Horner(polynomial, left) : (polynomial[0], polynomial.Length > 1 ? polynomial[1] : 0, 0);
        (value, slope) = (side * value, side * slope);
        for (int i = 1; i <= Subintervals; i++)
        {
            double right = i < Subintervals ? between.From + (i * step) : between.To, rightValue = values[i - 1], rightSlope = slopes[i - 1];
            if (slope < 0 && rightSlope > 0)
            {
                double bottom = Zero(polynomial, -side, 1, (left, -slope), (right, -rightSlope)), bottomValue = side * Horner(polynomial, bottom).Value;
                if (bottomValue < -rounding)
                {
                    return Zero(polynomial, side, 0, (left, value), (bottom, bottomValue));
                }

                if (bottomValue >= 0 && bottomValue < turning)
                {
                    (turning, turningAt) = (bottomValue, bottom);
                }
            }

            if (rightValue < -rounding && (rightSlope < 0 || value >= 0))
            {
                if (value <= 0 && slope > 0)
                {
                    // From the boundary upward and back: not where it stands but where it returns.
                    left = Zero(polynomial, side, 1, (left, slope), (right, rightSlope));
                    value = side * Horner(polynomial, left).Value;
                }

                return Zero(polynomial, side, 0, (left, value), (right, rightValue));
            }

            (left, value, slope) = (right, rightValue, rightSlope);
        }

        return 2;
    }

    /// <summary>side · polynomial and its slope at the ends of the subintervals, which are the lanes of one vector.</summary>
    private static void HornerAtSubintervals(ReadOnlySpan<double> polynomial, double side, (double From, double To) between, Span<double> values, Span<double> slopes)
    {
        Vector512<double> u = (Vector512.Create(_subintervalEnds) * (between.To - between.From)) + Vector512.Create(between.From), value = default, slope = default;
        for (int k = polynomial.Length - 1; k >= 0; k--)
        {
            slope = Vector512.FusedMultiplyAdd(slope, u, value);
            value = Vector512.FusedMultiplyAdd(value, u, Vector512.Create(side * polynomial[k]));
        }

        value.CopyTo(values);
        slope.CopyTo(slopes);
    }

    private static (double Value, double Slope, double Curvature) Horner(ReadOnlySpan<double> polynomial, double u)
    {
        double value = 0, slope = 0, halfCurvature = 0;
        for (int k = polynomial.Length - 1; k >= 0; k--)
        {
            halfCurvature = Math.FusedMultiplyAdd(halfCurvature, u, slope);
            slope = Math.FusedMultiplyAdd(slope, u, value);
            value = Math.FusedMultiplyAdd(value, u, polynomial[k]);
        }

        return (value, slope, 2 * halfCurvature);
    }

    /// <summary>
    /// The zero between left and right of factor · polynomial, or of its slope, which is not negative on the left and negative on the right: Newton from where the chord has its zero, kept inside by bisection.
    /// </summary>
    private static double Zero(ReadOnlySpan<double> polynomial, double factor, int derivative, (double At, double Value) left, (double At, double Value) right)
    {
        (double low, double high) = (left.At, right.At);
        if (left.Value <= 0)
        {
            return low;
        }

        double u = right.Value < 0 ? low + ((high - low) * (left.Value / (left.Value - right.Value))) : (low + high) / 2;
        for (int i = 0; i < 100; i++)
        {
            (double value, double slope, double curvature) = Horner(polynomial, u);
            (value, slope) = derivative == 0 ? (factor * value, factor * slope) : (factor * slope, factor * curvature);
            (low, high) = value > 0 ? (u, high) : (low, u);
            double next = u - (value / slope);
            if (Math.Abs(next - u) <= Converged * Math.Max(u, 1e-3))
            {
                return Math.Clamp(next, low, high);
            }

            if (!(next > low && next < high))
            {
                next = (low + high) / 2;
                if (next == low || next == high)
                {
                    return next;
                }
            }

            u = next;
        }

        return u;
    }
}
