using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>
/// The limit t → ∞ of the flow from a point with a small residual, by minimum-norm Gauss–Newton on the active smooth piece:
/// δθ = Jᵀ μ with J Jᵀ μ = δf, where the rows of sliding neurons are projected off the boundaries they slide along.
/// </summary>
/// <remarks>
/// The linearised flow moves along the range of Jᵀ, so the distance to the true limit is O(r²) in the residual r. Gates must not change on the way: they are
/// checked at the end. Without the projection the error would stay O(r). The derivation is ours.
/// </remarks>
internal sealed class GaussNewtonLimit(InputSpan span, RaySignal signal)
{
    private const int MostSteps = 6;

    /// <summary>A residual below this share of the first one is rounding.</summary>
    private const double Rounding = 1e-13;

    /// <summary>A wrong-sided pre-activation below this share of ‖w‖‖x‖ is a gate at rest on its boundary.</summary>
    private const double BoundaryRounding = 1e-12;

    /// <summary>Singular values of J Jᵀ below this share of the largest carry no information.</summary>
    private const double RankTolerance = 1e-12;

    private readonly SlidingConstraints _slides = new(span);
    private readonly byte[] _gates = new byte[span.RayStride];
    private readonly double[] _projected = new double[span.Rays * span.RankStride];

    /// <summary>Solves from <paramref name="states"/>, which is overwritten by the limit. Cost of a step O(m (N c)² r + (N c)³).</summary>
    /// <returns>The limit, with what makes it trustworthy or not.</returns>
    public FlowLimit Solve(NeuronStates states, ReluNetwork start)
    {
        int size = span.Rays * signal.Outputs;
        var f = new double[size];
        var b = new double[size];
        var slope = new double[size * signal.Outputs];
        double squaredCorrection = 0, loss = 0;
        bool solved = false;
        for (int step = 0; step <= MostSteps && !solved; step++)
        {
            states.OutputsOnRays(f);
            loss = signal.Evaluate(f, b);
            solved = TensorPrimitives.Norm<double>(b) * span.Inputs.Rows <= Rounding * signal.Scale;
            if (solved || step == MostSteps)
            {
                break;
            }

            signal.Slope(f, slope);
            if (Multipliers(states, MissingOutputs(b, slope)) is not { } mu)
            {
                break;
            }

            squaredCorrection += Move(states, mu);
        }

        return new FlowLimit(states.ToNetwork(start), loss, Math.Sqrt(squaredCorrection), CountFlips(states), solved);
    }

    /// <summary>δf with slope · δf = b: how far the outputs are from where the residual signal vanishes.</summary>
    private double[] MissingOutputs(double[] b, double[] slope)
    {
        int c = signal.Outputs;
        var missing = new double[b.Length];
        for (int k = 0; k < span.Rays; k++)
        {
            Matrix<double> block = Matrix<double>.Build.Dense(c, c, (i, l) => slope[(k * c * c) + (i * c) + l]);
            Vector<double> solution = block.Solve(Vector<double>.Build.Dense(c, o => b[(k * c) + o]));
            solution.AsArray().CopyTo(missing, k * c);
        }

        return missing;
    }

    /// <summary>μ with J Jᵀ μ = δf in the least-squares sense; null where δf is not finite.</summary>
    private double[]? Multipliers(NeuronStates states, double[] missing)
    {
        if (!Array.TrueForAll(missing, double.IsFinite))
        {
            return null;
        }

        int c = signal.Outputs, size = missing.Length;
        Matrix<double> kernel = Matrix<double>.Build.Dense(size, size);
        for (int j = 0; j < states.Width; j++)
        {
            ProjectRays(states, j);
            double scale = Math.Exp(2 * states.LogScales[j]);
            ReadOnlySpan<double> a = states.OutputsOf(j), z = states.PreactivationsOf(j);
            for (int k = 0; k < span.Rays; k++)
            {
                for (int l = 0; l < span.Rays && _gates[k] == Gate.Active; l++)
                {
                    if (_gates[l] != Gate.Active)
                    {
                        continue;
                    }

                    double gram = MomentKernel.Dot(Projected(k), Projected(l));
                    for (int o = 0; o < c; o++)
                    {
                        for (int p = 0; p < c; p++)
                        {
                            kernel[(k * c) + o, (l * c) + p] += scale * ((a[o] * a[p] * gram) + (o == p ? z[k] * z[l] : 0));
                        }
                    }
                }
            }
        }

        var svd = kernel.Svd();
        Vector<double> coordinates = svd.U.TransposeThisAndMultiply(Vector<double>.Build.Dense(missing));
        Vector<double> scaled = coordinates.MapIndexed((i, value) => svd.S[i] > RankTolerance * svd.S[0] ? value / svd.S[i] : 0);
        return svd.VT.TransposeThisAndMultiply(scaled).AsArray();
    }

    /// <summary>θ ← θ + Jᵀ μ; returns ‖δθ‖².</summary>
    private double Move(NeuronStates states, double[] mu)
    {
        int c = signal.Outputs;
        double total = 0;
        var change = new double[span.RankStride];
        var outputChange = new double[c];
        for (int j = 0; j < states.Width; j++)
        {
            ProjectRays(states, j);
            Array.Clear(change);
            Array.Clear(outputChange);
            Span<double> a = states.OutputsOf(j), z = states.PreactivationsOf(j);
            for (int k = 0; k < span.Rays; k++)
            {
                double along = 0;
                for (int o = 0; o < c && _gates[k] == Gate.Active; o++)
                {
                    along += a[o] * mu[(k * c) + o];
                    outputChange[o] += mu[(k * c) + o] * z[k];
                }

                if (along != 0)
                {
                    MomentKernel.AddMultiple(Projected(k), along, change);
                }
            }

            MomentKernel.AddMultiple(change, 1, states.WeightsOf(j));
            TensorPrimitives.Add(a, outputChange, a);
            total += Math.Exp(2 * states.LogScales[j]) * (MomentKernel.Dot(change, change) + TensorPrimitives.SumOfSquares<double>(outputChange));
            for (int k = 0; k < span.Rays; k++)
            {
                z[k] = _gates[k] is Gate.Sliding or Gate.Held ? 0 : MomentKernel.Dot(span.Ray(k), states.WeightsOf(j));
            }
        }

        return total;
    }

    /// <summary>Gates whose pre-activation has changed sides by more than rounding.</summary>
    private int CountFlips(NeuronStates states)
    {
        int flips = 0;
        for (int j = 0; j < states.Width; j++)
        {
            ReadOnlySpan<byte> gates = states.GatesOf(j);
            ReadOnlySpan<double> z = states.PreactivationsOf(j);
            double size = MomentKernel.Norm(states.WeightsOf(j));
            for (int k = 0; k < span.Rays; k++)
            {
                double outside = gates[k] switch { Gate.Active => -z[k], Gate.Inactive => z[k], _ => 0 };
                flips += outside > BoundaryRounding * size * span.Norms[k] ? 1 : 0;
            }
        }

        return flips;
    }

    private void ProjectRays(NeuronStates states, int neuron)
    {
        states.GatesOf(neuron).CopyTo(_gates);
        _slides.Build(_gates);
        for (int k = 0; k < span.Rays; k++)
        {
            Span<double> x = _projected.AsSpan(k * span.RankStride, span.RankStride);
            span.Ray(k).CopyTo(x);
            _slides.Project(x);
        }
    }

    private ReadOnlySpan<double> Projected(int ray) => _projected.AsSpan(ray * span.RankStride, span.RankStride);
}
