namespace ReluFlow.Flows;

/// <summary>A polynomial Σ_p c_p σ^p of low degree on [0, 1]: where it first falls below zero, however often it crosses.</summary>
internal static class UnitPolynomial
{
    /// <summary>Enough halvings of [0, 1] to reach neighbouring doubles.</summary>
    private const int Halvings = 60;

    /// <summary>Σ_p c_p σ^p.</summary>
    public static double Evaluate(ReadOnlySpan<double> coefficients, double sigma)
    {
        double value = 0;
        for (int p = coefficients.Length - 1; p >= 0; p--)
        {
            value = (value * sigma) + coefficients[p];
        }

        return value;
    }

    /// <summary>
    /// The first σ in (0, 1] past which a polynomial that is positive at 0 is negative; NaN where it never is. The point returned is on the
    /// negative side, within rounding of the root. A touch without a change of sign is no crossing.
    /// </summary>
    /// <remarks>Between neighbouring roots of its derivative a polynomial is monotone, so no pair of crossings is missed.</remarks>
    public static double FirstFall(ReadOnlySpan<double> coefficients)
    {
        Span<double> breaks = stackalloc double[coefficients.Length + 1];
        int count = MonotonePieces(coefficients, breaks);
        for (int i = 1; i < count; i++)
        {
            if (Evaluate(coefficients, breaks[i]) < 0)
            {
                return SignChange(coefficients, breaks[i - 1], breaks[i]);
            }
        }

        return double.NaN;
    }

    // Writes 0, the roots of the derivative inside (0, 1) in order, and 1; returns how many.
    private static int MonotonePieces(ReadOnlySpan<double> coefficients, Span<double> breaks)
    {
        breaks[0] = 0;
        int count = 1;
        int degree = coefficients.Length - 1;
        if (degree >= 2)
        {
            Span<double> derivative = stackalloc double[degree];
            for (int p = 1; p <= degree; p++)
            {
                derivative[p - 1] = p * coefficients[p];
            }

            Span<double> pieces = stackalloc double[degree + 1];
            int pieceCount = MonotonePieces(derivative, pieces);
            for (int i = 1; i < pieceCount; i++)
            {
                double left = Evaluate(derivative, pieces[i - 1]), right = Evaluate(derivative, pieces[i]);
                if ((left < 0 && right > 0) || (left > 0 && right < 0))
                {
                    breaks[count++] = SignChange(derivative, pieces[i - 1], pieces[i]);
                }
                else if (right == 0 && pieces[i] < 1)
                {
                    breaks[count++] = pieces[i];
                }
            }
        }

        breaks[count++] = 1;
        return count;
    }

    // Bisection: the values at the two ends differ in sign; returns the end of the last interval that has the right end's sign.
    private static double SignChange(ReadOnlySpan<double> coefficients, double left, double right)
    {
        bool negativeRight = Evaluate(coefficients, right) < 0;
        for (int i = 0; i < Halvings; i++)
        {
            double middle = 0.5 * (left + right);
            if (middle <= left || middle >= right)
            {
                break;
            }

            if (Evaluate(coefficients, middle) < 0 == negativeRight)
            {
                right = middle;
            }
            else
            {
                left = middle;
            }
        }

        return right;
    }
}
