using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra.Double;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>
/// Newton's method on the conditions of optimality once it is known in which faces the minimiser's neurons lie: with v_i = c_i u_i in the span of
/// face i, v_i/‖v_i‖ = s_i P_i Σ_{A_i} μ_k x_k for every neuron and Σ_i s_i σ(⟨v_i, x_k⟩) = y_k for every ray.
/// </summary>
/// <remarks>
/// Neither v nor μ need be unique, so the matrix may be singular while the system is consistent. Proximal steps, which add a small multiple of the
/// identity to the monotone matrix, converge to a solution near the present point then: near the centre of the solutions, where the linear programme left it.
/// </remarks>
internal sealed class OptimalityNewton
{
    private const int MostIterations = 12;

    private const int ProximalSteps = 4;

    // Small against the singular values that matter and large against rounding.
    private const double Proximity = 1e-9;

    // The residual, of numbers of size one, at which rounding has the last word.
    private const double Rounding = 4e-16;

    // Larger systems cost more than further rounds of column generation.
    private const int LargestSystem = 800;

    private readonly double[][] _rays;
    private readonly double[] _targets;
    private readonly (Face Face, int Sign, double[][] Restricted)[] _neurons;
    private readonly int[] _offsets;
    private readonly double[] _point;

    private OptimalityNewton(double[][] rays, double[] targets, IReadOnlyList<(Face Face, int Sign, double[] V)> neurons, double[] multipliers)
    {
        _rays = rays;
        _targets = targets;
        _neurons = [.. neurons.Select(neuron => (neuron.Face, neuron.Sign, Restricted(neuron.Face, neuron.Sign, rays)))];
        _offsets = [.. neurons.Select((_, i) => neurons.Take(i).Sum(neuron => neuron.Face.Basis.Length))];
        _point = [.. neurons.SelectMany(neuron => OrthonormalBasis.Coordinates(neuron.Face.Basis, neuron.V)), .. multipliers];
    }

    private int Unknowns => _point.Length - _targets.Length;

    private Span<double> Multipliers => _point.AsSpan(Unknowns);

    /// <summary>Refines the neurons of an approximate minimiser, those of one face and sign taken as one, and μ.</summary>
    /// <returns>Refined neurons and μ; null where the iteration leaves the faces or the system is too large.</returns>
    public static (IReadOnlyList<WeightedAtom> Neurons, double[] Multipliers)? Refine(double[][] rays, double[] targets, IReadOnlyList<WeightedAtom> neurons, double[] multipliers)
    {
        (Face Face, int Sign, double[] V)[] merged = [.. neurons.GroupBy(neuron => (neuron.Atom.Face.Signs, neuron.Sign)).Select(group => (group.First().Atom.Face, group.Key.Sign, Sum(group)))];
        if (merged.Length == 0 || merged.Sum(neuron => neuron.Face.Basis.Length) + targets.Length > LargestSystem)
        {
            return null;
        }

        var newton = new OptimalityNewton(rays, targets, merged, multipliers);
        double last = double.PositiveInfinity;
        for (int iteration = 0; iteration < MostIterations; iteration++)
        {
            double[] residual = newton.Residual();
            double size = TensorPrimitives.MaxMagnitude<double>(residual) is var extreme ? Math.Abs(extreme) : 0;
            if (!double.IsFinite(size))
            {
                return null;
            }

            if (size <= Rounding || (iteration > 3 && size >= last / 2))
            {
                break;
            }

            last = size;
            newton.Step(residual);
        }

        return newton.Result();
    }

    private static double[] Sum(IEnumerable<WeightedAtom> neurons)
    {
        double[]? sum = null;
        foreach (WeightedAtom neuron in neurons)
        {
            sum ??= new double[neuron.Atom.Direction.Length];
            TensorPrimitives.MultiplyAdd(neuron.Atom.Direction, neuron.Weight, sum, sum);
        }

        return sum!;
    }

    // s x_k in coordinates of the face for active rays, null for the others.
    private static double[][] Restricted(Face face, int sign, double[][] rays) =>
        [.. rays.Select((ray, k) => face.Signs[k] > 0 ? OrthonormalBasis.Coordinates(face.Basis, ray).Select(coordinate => sign * coordinate).ToArray() : [])];

    private Span<double> V(int neuron) => _point.AsSpan(_offsets[neuron], _neurons[neuron].Face.Basis.Length);

    // Zero where the conditions hold: v/‖v‖ − s P Σ μ x, then f − y.
    private double[] Residual()
    {
        var residual = new double[_point.Length];
        Span<double> outputs = residual.AsSpan(Unknowns);
        TensorPrimitives.Negate(_targets, outputs);
        for (int i = 0; i < _neurons.Length; i++)
        {
            Span<double> own = residual.AsSpan(_offsets[i], V(i).Length);
            TensorPrimitives.Divide(V(i), TensorPrimitives.Norm<double>(V(i)), own);
            for (int k = 0; k < _targets.Length; k++)
            {
                double[] ray = _neurons[i].Restricted[k];
                if (ray.Length > 0)
                {
                    TensorPrimitives.MultiplyAdd(ray, -Multipliers[k], own, own);
                    outputs[k] += TensorPrimitives.Dot(ray, V(i));
                }
            }
        }

        return residual;
    }

    private void Step(double[] residual)
    {
        DenseMatrix matrix = Derivative();
        var proximal = (DenseMatrix)matrix.Clone();
        for (int i = 0; i < _point.Length; i++)
        {
            proximal[i, i] += Proximity;
        }

        MathNet.Numerics.LinearAlgebra.Factorization.LU<double> factor = proximal.LU();
        var aim = DenseVector.OfArray(residual);
        MathNet.Numerics.LinearAlgebra.Vector<double> step = factor.Solve(aim);
        for (int pass = 1; pass < ProximalSteps; pass++)
        {
            step += factor.Solve(aim - (matrix * step));
        }

        TensorPrimitives.Subtract(_point, step.ToArray(), _point);
    }

    // [[(I − v̂ v̂ᵀ)/‖v‖, −Jᵀ], [J, 0]]: monotone.
    private DenseMatrix Derivative()
    {
        var matrix = DenseMatrix.Create(_point.Length, _point.Length, 0);
        for (int i = 0; i < _neurons.Length; i++)
        {
            Span<double> v = V(i);
            double norm = TensorPrimitives.Norm<double>(v);
            for (int a = 0; a < v.Length; a++)
            {
                int row = _offsets[i] + a;
                for (int b = 0; b < v.Length && v.Length > 1; b++)
                {
                    matrix[row, _offsets[i] + b] = ((a == b ? 1 : 0) - (v[a] / norm * (v[b] / norm))) / norm;
                }

                for (int k = 0; k < _targets.Length; k++)
                {
                    double[] ray = _neurons[i].Restricted[k];
                    if (ray.Length > 0)
                    {
                        matrix[Unknowns + k, row] = ray[a];
                        matrix[row, Unknowns + k] = -ray[a];
                    }
                }
            }
        }

        return matrix;
    }

    private (IReadOnlyList<WeightedAtom>, double[])? Result()
    {
        var neurons = new List<WeightedAtom>();
        for (int i = 0; i < _neurons.Length; i++)
        {
            double weight = TensorPrimitives.Norm<double>(V(i));
            double[] direction = OrthonormalBasis.Combine(_neurons[i].Face.Basis, V(i), _rays[0].Length);
            TensorPrimitives.Divide(direction, TensorPrimitives.Norm<double>(direction), direction);
            if (!_neurons[i].Face.Closes(direction, _rays))
            {
                return null;
            }

            neurons.Add(new WeightedAtom(Atom.At(direction, _neurons[i].Face, _rays), _neurons[i].Sign, weight));
        }

        return (neurons, Multipliers.ToArray());
    }
}
