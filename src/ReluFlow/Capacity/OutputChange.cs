using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Capacity;

/// <summary>By how much the outputs of two networks differ on given inputs, as measured: ‖f(x_k) − g(x_k)‖ over the rows of X.</summary>
/// <param name="Largest">max_k.</param>
/// <param name="Rms">√(mean_k of squares).</param>
/// <param name="LargestRatio">max_k ‖f(x_k) − g(x_k)‖/‖x_k‖ over x_k ≠ 0: to be held beside the coefficients of <see cref="ChangeBound"/>.</param>
public sealed record OutputChange(double Largest, double Rms, double LargestRatio)
{
    /// <summary>Measures it. Cost O(n m d).</summary>
    /// <exception cref="ArgumentException">Shapes that do not fit, or no inputs.</exception>
    public static OutputChange Between(ReluNetwork first, ReluNetwork second, Matrix inputs)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rows == 0 || first.OutputDimension != second.OutputDimension)
        {
            throw new ArgumentException($"{inputs.Rows} inputs for networks of {first.OutputDimension} and {second.OutputDimension} outputs; at least one input and as many outputs are expected.", nameof(inputs));
        }

        var difference = new double[inputs.Rows * first.OutputDimension];
        var outputs = new double[difference.Length];
        first.Evaluate(inputs, difference);
        second.Evaluate(inputs, outputs);
        TensorPrimitives.Subtract(difference, outputs, difference);
        return Of(difference, inputs);
    }

    /// <summary>The same of differences f(x_k) − g(x_k) (n × c, row-major). Cost O(n (d + c)).</summary>
    /// <exception cref="ArgumentException">No inputs, or not as many differences for each of them.</exception>
    public static OutputChange Of(ReadOnlySpan<double> differences, Matrix inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Rows == 0 || differences.Length % inputs.Rows != 0)
        {
            throw new ArgumentException($"{differences.Length} differences for {inputs.Rows} inputs; at least one input and as many differences for each are expected.", nameof(differences));
        }

        int n = inputs.Rows, c = differences.Length / n;
        double largest = 0, ratio = 0;
        for (int k = 0; k < n; k++)
        {
            double norm = EuclideanNorm.Of(differences.Slice(k * c, c)), input = EuclideanNorm.Of(inputs.Row(k));
            largest = Math.Max(largest, norm);
            ratio = input > 0 ? Math.Max(ratio, norm / input) : ratio;
        }

        return new OutputChange(largest, EuclideanNorm.Of(differences) / Math.Sqrt(n), ratio);
    }
}
