namespace ReluFlow.Neurons;

/// <summary>What makes neurons one cluster. Validated when made.</summary>
/// <remarks>The threshold is that of [Race]; that it applies to the strongest neuron or to a mean over pairs, and what is left out, are working definitions of ours.</remarks>
public sealed record ClusterOptions
{
    /// <summary>The least similarity, in (0, 1]; 0.99 where nothing is said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value outside of that range.</exception>
    public double Cosine
    {
        get;
        init => field = RequireCosine(value);
    }

    = 0.99;

    /// <summary>Which directions are compared; total weights where nothing is said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a member of the enumeration.</exception>
    public WeightDirections Directions
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a kind of weight directions.");
    }

    /// <summary>The method; <see cref="ClusterMethod.Leader"/> where nothing is said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a member of the enumeration.</exception>
    public ClusterMethod Method
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Not a cluster method.");
    }

    /// <summary>
    /// Neurons whose ‖a_j‖‖w_j‖ is below this share of the largest are left out, as those without incoming or outgoing weight always are: in [0, 1], 0 where nothing is said.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A value outside of that range.</exception>
    public double LeastShare
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"The share is {value}; a number in [0, 1] is expected.");
    }

    internal static double RequireCosine(double cosine) => cosine is > 0 and <= 1
        ? cosine
        : throw new ArgumentOutOfRangeException(nameof(cosine), cosine, $"The cosine is {cosine}; a number in (0, 1] is expected.");
}
