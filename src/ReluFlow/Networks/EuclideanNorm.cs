using System.Numerics.Tensors;

namespace ReluFlow.Networks;

/// <summary>‖v‖ of vectors whose squares leave the range of a double, such as the 1e-170 of an outgoing weight beside a large incoming one.</summary>
internal static class EuclideanNorm
{
    // Squares of some 1e16 coordinates within these stay normal numbers.
    private const double Least = 1e-146, Largest = 1e146;

    /// <summary>‖v‖, to rounding wherever it is a normal number.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        double norm = TensorPrimitives.Norm(values);
        return norm is >= Least and <= Largest || Exponent(values) is not { } exponent ? norm : Math.ScaleB(TensorPrimitives.Norm<double>(Scaled(values, exponent)), exponent);
    }

    /// <summary>ln(‖v‖ ‖w‖), also where the product or one of the two is below the smallest normal number; −∞ where one is 0.</summary>
    public static double LogProduct(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double product = TensorPrimitives.Norm(first) * TensorPrimitives.Norm(second);
        return product is >= Least and <= Largest ? Math.Log(product) : Log(first) + Log(second);
    }

    /// <summary>Divides a vector that is not 0 by its norm.</summary>
    public static void Normalize(Span<double> values)
    {
        double norm = TensorPrimitives.Norm<double>(values);
        if (norm is not (>= Least and <= Largest) && Exponent(values) is { } exponent)
        {
            Scaled(values, exponent).CopyTo(values);
            norm = TensorPrimitives.Norm<double>(values);
        }

        TensorPrimitives.Divide(values, norm, values);
    }

    private static double Log(ReadOnlySpan<double> values) => Exponent(values) is { } exponent
        ? Math.Log(TensorPrimitives.Norm<double>(Scaled(values, exponent))) + (exponent * Math.Log(2))
        : Math.Log(TensorPrimitives.Norm(values));

    // That of the largest value; null for 0, nothing, and what is not finite.
    private static int? Exponent(ReadOnlySpan<double> values) =>
        !values.IsEmpty && Math.Abs(TensorPrimitives.MaxMagnitude(values)) is > 0 and <= double.MaxValue and double largest ? Math.ILogB(largest) : null;

    private static double[] Scaled(ReadOnlySpan<double> values, int exponent)
    {
        double[] scaled = [.. values];
        for (int i = 0; i < scaled.Length; i++)
        {
            scaled[i] = Math.ScaleB(scaled[i], -exponent);
        }

        return scaled;
    }
}
