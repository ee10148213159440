namespace ReluFlow.Flows.Boost;

/// <summary>
/// How all neurons of one cell move through a step: v' = [[0, D(σ)], [D(σ)ᵀ, 0]] v is the same linear equation for all of them, so that v(σ) = M(σ) v for as long as their gates last.
/// </summary>
internal sealed class CellPath
{
    /// <summary>Pieces of a polynomial signal, in order; empty where the signal is constant.</summary>
    public List<CellSegment> Segments { get; } = [];

    /// <summary>The closed form under a constant signal.</summary>
    public CellBoost? Boost { get; set; }

    /// <summary>Whether D = 0 throughout: nothing moves.</summary>
    public bool IsStill { get; set; }

    /// <summary>Whether a slide ends inside the step, so that every neuron has to be followed on its own.</summary>
    public bool IsLeft { get; set; }

    /// <summary>D^(i) of the step, D(σ) = Σ_i D^(i) σ^i: monomials × r.</summary>
    public double[] Field { get; set; } = [];

    /// <summary>‖D‖ at the end, in units of flow time.</summary>
    public double Rate { get; set; }
}

/// <summary>One segment of a cell's path.</summary>
internal sealed class CellSegment
{
    /// <summary>Where it begins in the step.</summary>
    public required double Start { get; init; }

    /// <summary>How much of the step it spans.</summary>
    public required double Length { get; init; }

    /// <summary>v ↦ M v over the segment, (r + 1) × (r + 1) row-major with v = (w, a).</summary>
    public required double[] Advance { get; init; }

    /// <summary>κ_m = ∫ a u^m of the whole segment as a linear function of v at its start: s × (r + 1).</summary>
    public required double[] Kappa { get; init; }

    /// <summary>⟨n, D_m⟩ for each bound of the pattern: bounds × s, with the segment's own moments D(u) = Σ_m D_m u^m.</summary>
    public required double[] Fall { get; init; }

    /// <summary>For each bound, whether neurons of the cell whose a keeps its sign may come nearer to it.</summary>
    public required bool[] Nears { get; init; }

    /// <summary>For each bound, whether ⟨n, D(u)⟩ may change its sign, so that a pre-activation may turn.</summary>
    public required bool[] Turns { get; init; }

    /// <summary>A bound of ∫‖D‖: no neuron is boosted by more.</summary>
    public required double Reach { get; init; }

    /// <summary>Where, in the time of the segment, the slide of the pattern ends, and whether its gate is then open; beyond 1 where it does not end.</summary>
    public required (double U, bool Open) Exit { get; init; }

    /// <summary>The power series of M in a plane: nine rows of <see cref="SeriesLength"/> coefficients; empty for a higher rank.</summary>
    public required double[] Series { get; init; }

    /// <summary>The same series term by term: rows of 16 with the nine entries of M first, highest power last.</summary>
    public required double[] Terms { get; init; }

    /// <summary>Terms of the series that are not 0.</summary>
    public int TermCount { get; set; }

    /// <summary>Length of a row of <see cref="Terms"/>.</summary>
    public const int TermStride = 2 * MomentKernel.Lanes;

    /// <summary>Coefficients of an entry of M, in whole vectors.</summary>
    public const int SeriesLength = 56;

    /// <summary>M up to the nodes in the segment.</summary>
    public required List<(int Node, double[] Advance)> Nodes { get; init; }

    /// <summary>M up to the points of the Gauss rule for the energy, with the weight and D there; empty unless it is wanted.</summary>
    public required List<EnergyPoint> EnergyPoints { get; init; }
}

/// <summary>A point of the quadrature of ∫ (‖w'‖² + a'²) dt.</summary>
/// <param name="Weight">Its weight, in units of flow time.</param>
/// <param name="Advance">M up to it.</param>
/// <param name="Field">D there, in units of the segment.</param>
internal readonly record struct EnergyPoint(double Weight, double[] Advance, double[] Field);

/// <summary>The boost of a cell under a constant D.</summary>
/// <param name="G">‖D‖ per unit of σ.</param>
/// <param name="Direction">D/‖D‖.</param>
/// <param name="Fall">⟨n, D⟩/‖D‖ for each bound of the pattern.</param>
/// <param name="Rapidity">‖D‖ σ at the end.</param>
/// <param name="Nodes">Rapidities at the nodes.</param>
internal sealed record CellBoost(double G, double[] Direction, double[] Fall, double Rapidity, double[] Nodes);
