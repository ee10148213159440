using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>
/// Assumption (2) of [GF] on a start θ(0): S_{+,1} = {j: a_j &gt; 0, ⟨w_j, x_k⟩ &gt; 0 for every k with y_k &gt; 0} is not empty, nor is its mirror
/// S_{−,1} of a_j &lt; 0 and y_k &lt; 0.
/// </summary>
/// <param name="Violation">One line that names the set that is empty; null where the assumption holds.</param>
/// <remarks>
/// Without such a neuron no neuron ever sees all targets of its sign, since a gate that closes on orthogonal inputs never opens again, and the flow
/// need not interpolate. A sign without targets asks for nothing: there is nothing of it to fit. Source: [GF], section 3.
/// </remarks>
public sealed record OrthogonalStartAssumption(string? Violation)
{
    /// <summary>Whether the assumption holds.</summary>
    public bool Holds => Violation is null;

    /// <summary>Checks a start with one output. Cost O(n m d).</summary>
    /// <param name="start">θ(0).</param>
    /// <param name="data">The data, one target a sample.</param>
    /// <exception cref="ArgumentException">Network and data differ in the number of inputs or have more than one output.</exception>
    public static OrthogonalStartAssumption Check(ReluNetwork start, Dataset data)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(data);
        if (start.OutputDimension != 1 || data.OutputDimension != 1)
        {
            throw new ArgumentException($"The network has {start.OutputDimension} outputs and data set '{data.Name}' {data.OutputDimension} targets a sample; 1 is expected of both.", nameof(data));
        }

        var pattern = ActivationPattern.Of(start, data.Inputs);
        foreach ((int sign, string set, string side) in ((int, string, string)[])[(1, "S_{+,1}", "> 0"), (-1, "S_{−,1}", "< 0")])
        {
            int[] samples = [.. Enumerable.Range(0, data.Samples).Where(k => sign * data.Targets[k, 0] > 0)];
            bool Sees(int j) => sign * start.OutputWeights[j, 0] > 0 && samples.All(k => pattern[j, k]);
            if (samples.Length > 0 && !Enumerable.Range(0, start.Width).Any(Sees))
            {
                return new OrthogonalStartAssumption($"none of the {start.Width} neurons with a {side} is active on all {samples.Length} samples with y {side} ({set} is empty)");
            }
        }

        return new OrthogonalStartAssumption(Violation: null);
    }
}
