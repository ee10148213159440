using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>Whether a start is small enough for the statements of the limit λ → 0 to be read at its λ: |f(x_k)| ≤ <see cref="LargestShare"/> |y_k| for every sample.</summary>
/// <param name="Violation">One line that names the first sample that breaks it; null where it holds.</param>
/// <param name="Sample">k of the violation; null where it holds.</param>
/// <remarks>Working definition of ours [H]: the papers ask for λ below a constant that they do not give. Where it holds, the first residual is y to that share.</remarks>
public sealed record SmallStartAssumption(string? Violation, int? Sample = null)
{
    /// <summary>The largest |f(x_k)| / |y_k|.</summary>
    public const double LargestShare = 1e-2;

    /// <summary>Whether the assumption holds.</summary>
    public bool Holds => Violation is null;

    /// <summary>Checks a start with one output. Cost O(n m d).</summary>
    /// <exception cref="ArgumentException">Network and data differ in the number of inputs or have more than one output.</exception>
    public static SmallStartAssumption Check(ReluNetwork start, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(data);
        if (start.OutputDimension != 1 || data.OutputDimension != 1)
        {
            throw new ArgumentException($"The network has {start.OutputDimension} outputs and data set '{data.Name}' {data.OutputDimension} targets a sample; 1 is expected of both.", nameof(data));
        }

        var outputs = new double[data.Samples];
        start.Evaluate(data.Inputs, outputs);
        for (int k = 0; k < outputs.Length; k++)
        {
            double target = data.Targets[k, 0];
            if (Math.Abs(outputs[k]) > LargestShare * Math.Abs(target))
            {
                return new SmallStartAssumption(FormattableString.Invariant($"sample {k} has f = {outputs[k]:G6} at the start with y = {target:G6}; at most {LargestShare:G1} of it is expected"), k);
            }
        }

        return new SmallStartAssumption(Violation: null);
    }
}
