using System.Numerics.Tensors;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>
/// The linear programme over finitely many atoms: min Σ_i (c_i⁺ + c_i⁻) with Σ_i (c_i⁺ − c_i⁻) σ(⟨u_i, x_k⟩) = y_k, c ≥ 0; its dual is max ⟨μ, y⟩ with
/// |φ_μ(u_i)| ≤ 1. Solved by a primal-dual interior-point method with Mehrotra's predictor and corrector.
/// </summary>
/// <remarks>
/// Both sides have interior points, c⁺ and c⁻ cancelling on the primal side and μ = 0 on the dual, so the central path exists. Degenerate programmes are the
/// rule here: minimisers have far fewer neurons than data. The method then ends near the centre of the faces of solutions, where a vertex would jump about.
/// Source: [Wright], chapter 10.
/// </remarks>
internal sealed class AtomProgramme
{
    private const int MostIterations = 100;

    // The share of the way to the boundary that a step goes.
    private const double Boundary = 0.99;

    // Steps as short as this lead nowhere any more.
    private const double LeastStep = 1e-4;

    private readonly IReadOnlyList<Atom> _atoms;
    private readonly double[] _targets;

    // First the positive atoms, then the negative ones.
    private readonly double[] _weights, _slacks, _weightSteps, _slackSteps, _aims;

    private AtomProgramme(IReadOnlyList<Atom> atoms, double[] targets)
    {
        _atoms = [.. atoms];
        _targets = targets;
        Multipliers = new double[targets.Length];
        int size = 2 * atoms.Count;
        (_weights, _slacks, _weightSteps, _slackSteps, _aims) = (new double[size], new double[size], new double[size], new double[size], new double[size]);
        _weights.AsSpan().Fill(1);
        _slacks.AsSpan().Fill(1);
    }

    /// <summary>μ, length n; strictly feasible for the atoms.</summary>
    public double[] Multipliers { get; }

    /// <summary>The number of atoms.</summary>
    public int Count => _atoms.Count;

    /// <summary>c_i of a sign.</summary>
    public double Weight(int atom, int sign) => _weights[Index(atom, sign)];

    /// <summary>1 − s φ_μ(u_i).</summary>
    public double Slack(int atom, int sign) => _slacks[Index(atom, sign)];

    /// <summary>Σ c of weights that interpolate but for the residual that the last step left.</summary>
    public double Primal => TensorPrimitives.Sum<double>(_weights);

    /// <summary>Σ c (1 − s φ_μ(u)) over Σ c: the gap relative to the optimum, but for the residual.</summary>
    public double RelativeComplementarity => TensorPrimitives.Dot<double>(_weights, _slacks) / Primal;

    /// <summary>⟨μ, y⟩.</summary>
    public double Dual => TensorPrimitives.Dot<double>(Multipliers, _targets);

    /// <summary>Solves. Cost O(n² p) and O(n³) in every one of some tens of iterations, p the number of atoms.</summary>
    /// <param name="atoms">Atoms whose outputs span R^n.</param>
    /// <param name="targets">y, length n, of size about 1.</param>
    /// <param name="relativeGap">The gap at which to end, relative to the optimum.</param>
    /// <param name="cancellation">Ends the solve early.</param>
    public static AtomProgramme Solve(IReadOnlyList<Atom> atoms, double[] targets, double relativeGap, CancellationToken cancellation)
    {
        var programme = new AtomProgramme(atoms, targets);
        for (int iteration = 0; iteration < MostIterations && programme.Improve(relativeGap); iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        return programme;
    }

    private int Index(int atom, int sign) => sign > 0 ? atom : _atoms.Count + atom;

    private double[] Residuals()
    {
        var residuals = _targets.ToArray();
        for (int i = 0; i < _atoms.Count; i++)
        {
            TensorPrimitives.MultiplyAdd(_atoms[i].Outputs, _weights[_atoms.Count + i] - _weights[i], residuals, residuals);
        }

        return residuals;
    }

    private bool Improve(double relativeGap)
    {
        double total = TensorPrimitives.Dot<double>(_weights, _slacks), mean = total / _weights.Length;
        double[] residuals = Residuals();
        if (total <= relativeGap * Primal)
        {
            return false;
        }

        SymmetricSolve matrix = NormalMatrix();
        TensorPrimitives.Multiply<double>(_weights, _slacks, _aims);
        TensorPrimitives.Negate(_aims, _aims);
        SetSteps(matrix, residuals);
        (double primal, double dual) = LargestSteps(1);
        double after = 0;
        for (int i = 0; i < _weights.Length; i++)
        {
            after += (_weights[i] + (primal * _weightSteps[i])) * (_slacks[i] + (dual * _slackSteps[i]));
        }

        double centre = Math.Pow(after / total, 3) * mean;
        for (int i = 0; i < _weights.Length; i++)
        {
            _aims[i] = centre - (_weights[i] * _slacks[i]) - (_weightSteps[i] * _slackSteps[i]);
        }

        double[] step = SetSteps(matrix, residuals);
        (primal, dual) = LargestSteps(Boundary);
        if (!double.IsFinite(TensorPrimitives.Sum<double>(step)) || Math.Max(primal, dual) < LeastStep)
        {
            return false;
        }

        TensorPrimitives.MultiplyAdd(_weightSteps, primal, _weights, _weights);
        TensorPrimitives.MultiplyAdd(_slackSteps, dual, _slacks, _slacks);
        TensorPrimitives.MultiplyAdd(step, dual, Multipliers, Multipliers);
        return true;
    }

    // Σ_i (c_i⁺/s_i⁺ + c_i⁻/s_i⁻) outputs_i outputs_iᵀ.
    private SymmetricSolve NormalMatrix()
    {
        int n = _targets.Length, p = _atoms.Count;
        var lower = new double[n * n];
        for (int i = 0; i < p; i++)
        {
            double weight = (_weights[i] / _slacks[i]) + (_weights[p + i] / _slacks[p + i]);
            double[] outputs = _atoms[i].Outputs;
            for (int k = 0; k < n; k++)
            {
                if (outputs[k] != 0)
                {
                    Span<double> row = lower.AsSpan(k * n, k + 1);
                    TensorPrimitives.MultiplyAdd(outputs.AsSpan(0, k + 1), weight * outputs[k], row, row);
                }
            }
        }

        return new SymmetricSolve(lower, n);
    }

    // c Δs + s Δc = aim, A Δc = residual, Δs = −Aᵀ Δμ; returns Δμ.
    private double[] SetSteps(SymmetricSolve matrix, double[] residuals)
    {
        int p = _atoms.Count;
        double[] step = residuals.ToArray();
        for (int i = 0; i < p; i++)
        {
            TensorPrimitives.MultiplyAdd(_atoms[i].Outputs, (_aims[p + i] / _slacks[p + i]) - (_aims[i] / _slacks[i]), step, step);
        }

        matrix.Solve(step);
        for (int i = 0; i < p; i++)
        {
            double correlation = _atoms[i].Correlation(step);
            _slackSteps[i] = -correlation;
            _slackSteps[p + i] = correlation;
        }

        for (int i = 0; i < _weights.Length; i++)
        {
            _weightSteps[i] = (_aims[i] - (_weights[i] * _slackSteps[i])) / _slacks[i];
        }

        return step;
    }

    private (double Primal, double Dual) LargestSteps(double share) =>
        (Math.Min(1, share * LargestStep(_weights, _weightSteps)), Math.Min(1, share * LargestStep(_slacks, _slackSteps)));

    private static double LargestStep(double[] values, double[] steps)
    {
        double largest = double.PositiveInfinity;
        for (int i = 0; i < values.Length; i++)
        {
            largest = steps[i] < 0 ? Math.Min(largest, -values[i] / steps[i]) : largest;
        }

        return largest;
    }
}
