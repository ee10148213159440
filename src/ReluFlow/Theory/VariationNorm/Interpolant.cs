using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>A network Σ_i s_i c_i σ(⟨u_i, ·⟩) meant to interpolate: weights made to do so, and neurons made few.</summary>
internal static class Interpolant
{
    // A column whose rest after elimination is smaller, relative to its length, depends on those before.
    private const double Dependent = 1e-11;

    private const int Corrections = 4;

    /// <summary>Σ_i c_i.</summary>
    public static double Norm(IReadOnlyList<WeightedAtom> neurons) => neurons.Sum(neuron => neuron.Weight);

    /// <summary>y − f, length n.</summary>
    public static double[] Residuals(IReadOnlyList<WeightedAtom> neurons, double[] targets)
    {
        var residuals = targets.ToArray();
        foreach (WeightedAtom neuron in neurons)
        {
            TensorPrimitives.MultiplyAdd(neuron.Atom.Outputs, -neuron.Sign * neuron.Weight, residuals, residuals);
        }

        return residuals;
    }

    /// <summary>Moves the weights c least, in the norm of Δc/c, so that f interpolates; a weight that leaves [0, ∞) is set to 0. Cost O(n² p + n³).</summary>
    public static IReadOnlyList<WeightedAtom> Corrected(IReadOnlyList<WeightedAtom> neurons, double[] targets)
    {
        int n = targets.Length;
        var matrix = new double[n * n];
        foreach (WeightedAtom neuron in neurons)
        {
            double[] outputs = neuron.Atom.Outputs;
            for (int k = 0; k < n; k++)
            {
                TensorPrimitives.MultiplyAdd(outputs.AsSpan(0, k + 1), neuron.Weight * neuron.Weight * outputs[k], matrix.AsSpan(k * n, k + 1), matrix.AsSpan(k * n, k + 1));
            }
        }

        var solve = new SymmetricSolve(matrix, n);
        IReadOnlyList<WeightedAtom> corrected = neurons;
        for (int pass = 0; pass < Corrections; pass++)
        {
            double[] change = Residuals(corrected, targets);
            solve.Solve(change);
            corrected = [.. corrected.Zip(neurons, (neuron, first) => neuron with
            {
                Weight = Math.Max(0, neuron.Weight + (first.Weight * first.Weight * neuron.Sign * neuron.Atom.Correlation(change))),
            })];
        }

        return [.. corrected.Where(neuron => neuron.Weight > 0)];
    }

    /// <summary>The weights of neurons with independent outputs that fit the targets best; unchanged where one would be negative. Cost O(n p²).</summary>
    public static IReadOnlyList<WeightedAtom> Fitted(IReadOnlyList<WeightedAtom> neurons, double[] targets)
    {
        var factor = DenseMatrix.OfColumnArrays(neurons.Select(neuron => neuron.Atom.Outputs)).QR(QRMethod.Thin);
        IReadOnlyList<WeightedAtom> fitted = neurons;
        for (int pass = 0; pass < Corrections; pass++)
        {
            Vector<double> change = factor.Solve(DenseVector.OfArray(Residuals(fitted, targets)));
            fitted = [.. fitted.Select((neuron, i) => neuron with { Weight = neuron.Weight + (neuron.Sign * change[i]) })];
        }

        return fitted.All(neuron => neuron.Weight >= 0) ? fitted : neurons;
    }

    /// <summary>
    /// A network with the same outputs whose neurons' outputs on the rays are linearly independent: while some combination of neurons is zero on all
    /// rays, weights move along it until one vanishes. Σ c stays where all neurons have |φ_μ(u)| = 1 for one μ. Cost O(n p²) for each neuron removed.
    /// </summary>
    public static IReadOnlyList<WeightedAtom> Independent(IReadOnlyList<WeightedAtom> neurons, CancellationToken cancellation)
    {
        while (NullCombination(neurons, cancellation) is { } combination)
        {
            int last = -1;
            double length = double.PositiveInfinity;
            for (int i = 0; i < neurons.Count; i++)
            {
                if (combination[i] < 0 && neurons[i].Weight / -combination[i] < length)
                {
                    (last, length) = (i, neurons[i].Weight / -combination[i]);
                }
            }

            neurons = [.. neurons.Select((neuron, i) => neuron with { Weight = Math.Max(0, neuron.Weight + (length * combination[i])) }).Where((_, i) => i != last)];
        }

        return neurons;
    }

    // Coefficients, one of them negative, with Σ_i coefficient_i s_i outputs_i = 0; null where the outputs are independent. Gram–Schmidt, kept with its combinations.
    private static double[]? NullCombination(IReadOnlyList<WeightedAtom> neurons, CancellationToken cancellation)
    {
        var basis = new List<(double[] Vector, double[] Combination)>();
        for (int i = 0; i < neurons.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] rest = [.. neurons[i].Atom.Outputs.Select(output => neurons[i].Sign * output)];
            double length = TensorPrimitives.Norm<double>(rest);
            var combination = new double[neurons.Count];
            combination[i] = 1;
            for (int pass = 0; pass < 2; pass++)
            {
                foreach ((double[] vector, double[] parts) in basis)
                {
                    double share = TensorPrimitives.Dot<double>(vector, rest);
                    TensorPrimitives.MultiplyAdd(vector, -share, rest, rest);
                    TensorPrimitives.MultiplyAdd(parts, -share, combination, combination);
                }
            }

            double norm = TensorPrimitives.Norm<double>(rest);
            if (norm <= Dependent * length)
            {
                if (TensorPrimitives.Min<double>(combination) >= 0)
                {
                    TensorPrimitives.Negate(combination, combination);
                }

                return combination;
            }

            TensorPrimitives.Divide(rest, norm, rest);
            TensorPrimitives.Divide(combination, norm, combination);
            basis.Add((rest, combination));
        }

        return null;
    }
}
