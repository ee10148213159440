using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>Assumption (1) of [GF] on one data set: ⟨x_k, x_l⟩ = 0 for k ≠ l, no x_k = 0 and no y_k = 0.</summary>
/// <param name="Violation">One line that names the sample or the pair that breaks the assumption; null where it holds.</param>
/// <param name="Sample">k of the violation; null where it holds.</param>
/// <param name="OtherSample">l of a pair that is not orthogonal; null otherwise.</param>
/// <remarks>Source: [GF], section 3, assumption on the data.</remarks>
public sealed record OrthogonalAssumption(string? Violation, int? Sample = null, int? OtherSample = null)
{
    /// <summary>The largest |⟨x_k, x_l⟩| / (‖x_k‖ ‖x_l‖) that counts as zero: rounding of a unit vector's product, with room for d of some thousands.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>Whether the assumption holds.</summary>
    public bool Holds => Violation is null;

    /// <summary>Checks a data set with one target a sample. Cost O(n² d).</summary>
    /// <exception cref="ArgumentException">The data have more than one target a sample.</exception>
    public static OrthogonalAssumption Check(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.OutputDimension != 1)
        {
            throw new ArgumentException($"Data set '{data.Name}' has {data.OutputDimension} targets a sample; 1 is expected.", nameof(data));
        }

        Matrix x = data.Inputs;
        var norms = new double[x.Rows];
        for (int k = 0; k < x.Rows; k++)
        {
            norms[k] = TensorPrimitives.Norm(x.Row(k));
            if (norms[k] == 0 || data.Targets[k, 0] == 0)
            {
                return new OrthogonalAssumption($"sample {k} has {(norms[k] == 0 ? "the input 0" : "the target 0")}; non-zero is expected", k);
            }

            for (int l = 0; l < k; l++)
            {
                double cosine = TensorPrimitives.Dot(x.Row(l), x.Row(k)) / norms[l] / norms[k];
                if (!(Math.Abs(cosine) <= Tolerance))
                {
                    return new OrthogonalAssumption(FormattableString.Invariant($"samples {l} and {k} have inputs at cosine {cosine:G6}; at most {Tolerance:G1} in size is expected"), l, k);
                }
            }
        }

        return new OrthogonalAssumption(Violation: null);
    }
}
