namespace ReluFlow.Networks;

/// <summary>How the scalar labels of generated data are drawn.</summary>
public enum LabelLaw
{
    /// <summary>y ~ N(0, 1).</summary>
    Gaussian,

    /// <summary>y = ±1 with fair signs.</summary>
    Signs,

    /// <summary>|y| uniform in [1, 2) with fair signs. Source: [Weak].</summary>
    Uniform,
}
