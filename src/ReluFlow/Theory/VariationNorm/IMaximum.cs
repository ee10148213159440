namespace ReluFlow.Theory.VariationNorm;

/// <summary>The maximum of |φ_μ(u)| = |Σ_k μ_k σ(⟨u, x_k⟩)| over unit vectors u.</summary>
internal interface IMaximum
{
    /// <summary>Atoms that can interpolate any targets, to begin with.</summary>
    IReadOnlyList<Atom> FirstAtoms { get; }

    /// <summary>The largest |φ_μ(u)| found, and the atoms at local maxima above a level, the largest first.</summary>
    (double Value, IReadOnlyList<Atom> Above) Find(double[] multipliers, double level);
}
