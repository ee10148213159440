using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>
/// A data set with one target as constraints on rays: f(x̂_k) = y_k/‖x_k‖ on different unit vectors x̂_k, written in an orthonormal basis of their span,
/// where no constraint follows from the others.
/// </summary>
/// <remarks>
/// f is positively homogeneous, so samples on one ray say the same or contradict each other, and says nothing at x = 0 but f(0) = 0. Its odd part is
/// linear, f(x) − f(−x) = ⟨Σ a_j w_j, x⟩, so pairs ±x̂ beyond the dimension of their span say the same or contradict each other too. Functions
/// u ↦ σ(⟨u, x̂_k⟩) have no other linear relation: the gradient of each jumps across a hyperplane of its own or of its pair.
/// </remarks>
internal sealed class InputRays
{
    // Unit vectors closer than this are one ray: the rounding of a normalisation, with room for some thousand coordinates.
    private const double SameRay = 1e-13;

    // A vector that sticks out of a span by less lies in it; rounding of projections of unit vectors.
    private const double InSpan = 1e-11;

    // What the rounding of a file's decimals and of the projections may leave between two statements of one number.
    private const double SameTarget = 1e-11;

    private readonly Dataset _data;
    private readonly List<int> _samples = [];
    private readonly List<double[]> _directions = [];
    private readonly List<double> _targets = [];
    private readonly double[] _norms;

    private InputRays(Dataset data)
    {
        _data = data;
        _norms = new double[data.Samples];
    }

    /// <summary>Why no network interpolates; null where one does.</summary>
    public string? Contradiction { get; private set; }

    /// <summary>The number of rays.</summary>
    public int Count => _samples.Count;

    /// <summary>r, the dimension of the span.</summary>
    public int Rank => Basis.Length;

    /// <summary>An orthonormal basis of the span, r vectors of length d.</summary>
    public double[][] Basis { get; private set; } = [];

    /// <summary>The unit vectors x̂_k in that basis, each of length r.</summary>
    public double[][] Coordinates { get; private set; } = [];

    /// <summary>y_k/‖x_k‖ of every ray.</summary>
    public double[] Targets { get; private set; } = [];

    /// <summary>Reads a data set. Cost O(n² d).</summary>
    public static InputRays Of(Dataset data, CancellationToken cancellation)
    {
        var rays = new InputRays(data);
        for (int k = 0; k < data.Samples && rays.Contradiction is null; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            rays.Add(k);
        }

        if (rays.Contradiction is null)
        {
            rays.DropImpliedOppositeRays();
        }

        rays.Basis = rays.Contradiction is null ? OrthonormalBasis.Of(rays._directions, InSpan) : [];
        rays.Coordinates = [.. rays._directions.Select(direction => OrthonormalBasis.Coordinates(rays.Basis, direction))];
        rays.Targets = [.. rays._targets];
        return rays;
    }

    /// <summary>Multipliers of the samples, length n, that belong to multipliers of the rays: μ_k/‖x_k‖, and 0 where a sample's constraint is implied.</summary>
    public double[] SampleMultipliers(ReadOnlySpan<double> multipliers)
    {
        var mu = new double[_data.Samples];
        for (int i = 0; i < _samples.Count; i++)
        {
            mu[_samples[i]] = multipliers[i] / _norms[_samples[i]];
        }

        return mu;
    }

    private void Add(int sample)
    {
        double y = _data.Targets[sample, 0];
        double[] direction = Normalized(_data.Inputs.Row(sample), out _norms[sample]);
        if (_norms[sample] == 0)
        {
            Contradiction = y == 0 ? null : FormattableString.Invariant($"sample {sample} has the input 0 and the target {y}, where every network without output bias is 0");
            return;
        }

        double target = y / _norms[sample];
        int same = _directions.FindIndex(other => TensorPrimitives.Distance<double>(other, direction) <= SameRay);
        if (same < 0)
        {
            _samples.Add(sample);
            _directions.Add(direction);
            _targets.Add(target);
        }
        else if (!Agree(target, _targets[same]))
        {
            Contradiction = FormattableString.Invariant($"samples {_samples[same]} and {sample} lie on one ray from 0, where f(x)/‖x‖ is constant, but have y/‖x‖ = {_targets[same]:G9} and {target:G9}");
        }
    }

    private static double[] Normalized(ReadOnlySpan<double> x, out double norm)
    {
        // In two steps, so that squares neither overflow nor underflow.
        var direction = x.ToArray();
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude(x));
        norm = 0;
        if (largest > 0)
        {
            TensorPrimitives.Divide(direction, largest, direction);
            double scaled = TensorPrimitives.Norm<double>(direction);
            TensorPrimitives.Divide(direction, scaled, direction);
            norm = largest * scaled;
        }

        return direction;
    }

    private void DropImpliedOppositeRays()
    {
        var independent = new List<(double[] Direction, double Odd)>();
        var implied = new List<int>();
        for (int k = 0; k < _directions.Count && Contradiction is null; k++)
        {
            double[] direction = _directions[k];
            int opposite = _directions.FindIndex(0, k, other => OppositeDistance(other, direction) <= SameRay);
            if (opposite < 0)
            {
                continue;
            }

            double odd = _targets[k] - _targets[opposite];
            if (ImpliedOdd(independent, direction) is not double expected)
            {
                independent.Add((direction, odd));
                continue;
            }

            implied.Add(k);
            if (Math.Abs(odd - expected) > SameTarget * Math.Max(independent.Max(pair => Math.Abs(pair.Odd)), Math.Abs(_targets[k]) + Math.Abs(_targets[opposite])))
            {
                Contradiction = FormattableString.Invariant($"samples {_samples[opposite]} and {_samples[k]} have opposite inputs with f(x̂) − f(−x̂) = {-odd:G9}; other such pairs, on which this is linear in x̂, make it {-expected:G9}");
            }
        }

        foreach (int k in Enumerable.Reverse(implied))
        {
            _samples.RemoveAt(k);
            _directions.RemoveAt(k);
            _targets.RemoveAt(k);
        }
    }

    private static double OppositeDistance(double[] a, double[] b)
    {
        var sum = new double[a.Length];
        TensorPrimitives.Add(a, b, sum);
        return TensorPrimitives.Norm<double>(sum);
    }

    // The odd part at a direction by linearity; null where the pairs before do not span it.
    private static double? ImpliedOdd(List<(double[] Direction, double Odd)> pairs, double[] direction)
    {
        if (pairs.Count == 0)
        {
            return null;
        }

        var span = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.OfColumnArrays(pairs.Select(pair => pair.Direction));
        var e = MathNet.Numerics.LinearAlgebra.Double.DenseVector.OfArray(direction);
        if (pairs.Count > direction.Length)
        {
            throw new InvalidOperationException("More independent directions than coordinates.");
        }

        MathNet.Numerics.LinearAlgebra.Vector<double> weights = span.QR().Solve(e);
        return (span.Multiply(weights) - e).L2Norm() > InSpan ? null : weights.DotProduct(MathNet.Numerics.LinearAlgebra.Double.DenseVector.OfEnumerable(pairs.Select(pair => pair.Odd)));
    }

    private static bool Agree(double a, double b) => Math.Abs(a - b) <= SameTarget * Math.Max(Math.Abs(a), Math.Abs(b));
}
