using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>The samples whose target has a sign.</summary>
internal static class SignSamples
{
    /// <summary>k with sign · y_k &gt; 0, in order.</summary>
    public static int[] Of(Dataset data, int sign) => [.. Enumerable.Range(0, data.Samples).Where(k => sign * data.Targets[k, 0] > 0)];

    /// <summary>‖x_k‖.</summary>
    public static double Norm(Dataset data, int sample) => TensorPrimitives.Norm(data.Inputs.Row(sample));
}
