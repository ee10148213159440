using System.Numerics.Tensors;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>
/// Minimum variation norm by column generation: a linear programme over atoms, then atoms at the local maxima of |φ_μ| above 1, and so on. Scaling μ to
/// max |φ_μ| = 1 gives the dual bound, an interpolating combination of atoms the primal one; Newton's method ends it.
/// </summary>
internal sealed class ColumnGeneration
{
    // The programme is solved so much more closely than the bounds of the round before: multipliers near the centre make better new atoms.
    private const double Ahead = 0.1;

    // As closely as the interior-point method goes.
    private const double LeastGap = 1e-9;

    // From here on the faces of the minimiser show.
    private const double NewtonBelow = 0.05;

    // A level above 1 by rounding of sums of some hundred terms is no violation.
    private const double Violation = 1e-12;

    // f is a sum of terms of size Σ c; where it misses a target by less, relative to that, it interpolates.
    private const double Rounding = 1e-13;

    // The rounding of an output, relative to Σ c.
    private const double SumRounding = 4e-16;

    // At distance h of a maximiser |φ_μ| is lower by h²/2.
    private const double Reach = 4;

    // Where to look for a valley on the way to a maximum.
    private static readonly double[] Fractions = [0.1, 0.5];

    private const int LeastNewAtoms = 200;

    // So many rounds in which the gap closes by less than a tenth end the search; fewer where the tolerance is met.
    private const int Patience = 10, PatienceWithin = 3;

    private readonly double[][] _rays;
    private readonly double[] _targets;
    private readonly IMaximum _maximum;
    private readonly List<Atom> _atoms;

    private ColumnGeneration(double[][] rays, double[] targets, IMaximum maximum)
    {
        _rays = rays;
        _targets = targets;
        _maximum = maximum;
        _atoms = [.. maximum.FirstAtoms];
        Multipliers = new double[targets.Length];
    }

    /// <summary>The best interpolating network found.</summary>
    public IReadOnlyList<WeightedAtom> Neurons { get; private set; } = [];

    /// <summary>Σ c of it; infinite before there is one.</summary>
    public double Primal { get; private set; } = double.PositiveInfinity;

    /// <summary>μ of the best dual bound, with max |φ_μ| = 1 as far as the maximum is exact.</summary>
    public double[] Multipliers { get; private set; }

    /// <summary>⟨μ, y⟩.</summary>
    public double Dual { get; private set; }

    /// <summary>(primal − dual)/primal.</summary>
    public double RelativeGap => double.IsFinite(Primal) ? (Primal - Dual) / Primal : 1;

    /// <summary>Solves.</summary>
    /// <param name="rays">n unit vectors of length r.</param>
    /// <param name="targets">y, length n, the largest of size 1.</param>
    /// <param name="maximum">What finds new atoms.</param>
    /// <param name="options">When to stop.</param>
    /// <param name="cancellation">Ends the solve early.</param>
    public static ColumnGeneration Solve(double[][] rays, double[] targets, IMaximum maximum, VariationNormOptions options, CancellationToken cancellation)
    {
        var generation = new ColumnGeneration(rays, targets, maximum);
        double gap = 1;
        int stale = 0;
        for (int round = 0; round < options.Rounds && Math.Abs(generation.RelativeGap) > options.AimedGap && stale < (generation.RelativeGap <= options.Tolerance ? PatienceWithin : Patience); round++)
        {
            cancellation.ThrowIfCancellationRequested();
            double before = generation.RelativeGap;
            gap = generation.Round(gap, cancellation);
            stale = generation.RelativeGap > 0.9 * before ? stale + 1 : 0;
        }

        return generation;
    }

    private double Round(double gap, CancellationToken cancellation)
    {
        var programme = AtomProgramme.Solve(_atoms, _targets, Math.Max(LeastGap, Ahead * gap), cancellation);
        double[] multipliers = programme.Multipliers;
        (double largest, IReadOnlyList<Atom> above) = Offer(multipliers);
        double spread = Math.Max(programme.RelativeComplementarity, largest - 1);
        WeightedAtom[] neurons = Gathered([.. Active(programme)], programme, spread);
        if (spread < NewtonBelow && OptimalityNewton.Refine(_rays, _targets, neurons, multipliers) is { } refined)
        {
            above = [.. above, .. Offer(refined.Multipliers).Above];
            Offer(Interpolant.Fitted(Interpolant.Independent(refined.Neurons, cancellation), _targets));
        }

        Offer(Interpolant.Corrected([.. All(programme)], _targets));
        _atoms.AddRange(above.Take(Math.Max(LeastNewAtoms, 4 * _targets.Length)));
        return spread;
    }

    // Takes μ where it gives a better dual bound; returns the atoms that break its constraints.
    private (double Largest, IReadOnlyList<Atom> Above) Offer(double[] multipliers)
    {
        if (!double.IsFinite(TensorPrimitives.Sum<double>(multipliers)))
        {
            return (double.PositiveInfinity, []);
        }

        (double largest, IReadOnlyList<Atom> above) = _maximum.Find(multipliers, 1 + Violation);
        double dual = TensorPrimitives.Dot<double>(multipliers, _targets) / largest;
        if (dual > Dual)
        {
            Dual = dual;
            Multipliers = [.. multipliers.Select(mu => mu / largest)];
        }

        return (largest, above);
    }

    // Takes the network where it interpolates with a smaller norm.
    private void Offer(IReadOnlyList<WeightedAtom> neurons)
    {
        double norm = Interpolant.Norm(neurons);
        double[] residuals = Interpolant.Residuals(neurons, _targets);

        // What a missed target is worth in the norm is its multiplier.
        double worth = Enumerable.Range(0, residuals.Length).Sum(k => Math.Abs(residuals[k] * Multipliers[k]));
        if (norm < Primal && worth <= (Rounding + (SumRounding * Enumerable.Range(0, residuals.Length).Sum(k => Math.Abs(Multipliers[k])))) * norm && Math.Abs(TensorPrimitives.MaxMagnitude<double>(residuals)) <= Rounding * Math.Max(1, norm))
        {
            (Primal, Neurons) = (norm, neurons);
        }
    }

    // An atom beside a maximiser of |φ_μ| has too little slack to be told from it by complementarity: it goes to the highest local maximum it can climb to.
    private WeightedAtom[] Gathered(WeightedAtom[] neurons, AtomProgramme programme, double spread)
    {
        double[] multipliers = programme.Multipliers;
        double slack = Math.Max(spread, Math.Sqrt(programme.RelativeComplementarity / (2 * programme.Count)));
        double reach = Reach * Math.Sqrt(slack);
        IReadOnlyList<Atom> maxima = _maximum.Find(multipliers, 1 - slack).Above;
        return [.. neurons.Select(neuron => neuron with { Atom = maxima.FirstOrDefault(atom => Climbs(neuron, atom)) ?? neuron.Atom })];

        bool Climbs(WeightedAtom neuron, Atom maximum) =>
            TensorPrimitives.Distance<double>(maximum.Direction, neuron.Atom.Direction) <= reach
            && neuron.Sign * maximum.Correlation(multipliers) >= neuron.Sign * neuron.Atom.Correlation(multipliers)
            && Fractions.All(part => neuron.Sign * Correlation(Between(neuron.Atom.Direction, maximum.Direction, part), multipliers) >= neuron.Sign * neuron.Atom.Correlation(multipliers));
    }

    private static double[] Between(double[] from, double[] to, double part)
    {
        double[] u = [.. from.Zip(to, (a, b) => a + (part * (b - a)))];
        TensorPrimitives.Divide(u, TensorPrimitives.Norm<double>(u), u);
        return u;
    }

    private double Correlation(double[] u, double[] multipliers)
    {
        double sum = 0;
        for (int k = 0; k < _rays.Length; k++)
        {
            sum += multipliers[k] * Math.Max(0, TensorPrimitives.Dot<double>(u, _rays[k]));
        }

        return sum;
    }

    // Complementarity: the weight goes to zero where the slack does not.
    private IEnumerable<WeightedAtom> Active(AtomProgramme programme) => All(programme).Where((neuron, i) => neuron.Weight > programme.Slack(i / 2, neuron.Sign) * programme.Primal);

    private IEnumerable<WeightedAtom> All(AtomProgramme programme)
    {
        for (int i = 0; i < programme.Count; i++)
        {
            yield return new WeightedAtom(_atoms[i], 1, programme.Weight(i, 1));
            yield return new WeightedAtom(_atoms[i], -1, programme.Weight(i, -1));
        }
    }
}
