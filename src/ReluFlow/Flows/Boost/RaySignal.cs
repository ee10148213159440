using ReluFlow.Networks;

namespace ReluFlow.Flows.Boost;

/// <summary>From the network's outputs on rays to the loss, the signal b = r/n on rays, and its slope.</summary>
/// <remarks>A ray carries b = Σ γ_k r_k / n over its samples, whose outputs are γ_k f(ray).</remarks>
internal sealed class RaySignal
{
    /// <summary>What rounding leaves of a sum of terms that cancel, relative to the terms, with room for the iteration to agree.</summary>
    private const double SumRounding = 1e-14;

    private readonly InputSpan _span;
    private readonly Matrix _targets;
    private readonly Loss _loss;
    private readonly double[] _output;
    private readonly double[] _residual;
    private readonly double[] _curvature;
    private readonly double _labelScale;

    public RaySignal(InputSpan span, Matrix targets, Loss loss)
    {
        _span = span;
        _targets = targets;
        _loss = loss;
        Outputs = targets.Columns;
        _output = new double[Outputs];
        _residual = new double[Outputs];
        _curvature = new double[Outputs * Outputs];
        _labelScale = Scale = ResidualScale();
    }

    /// <summary>c.</summary>
    public int Outputs { get; }

    /// <summary>
    /// The unit in which errors of n b are measured: the largest residual of the zero network (1 where all vanish), or what <see cref="Rescale"/> made of it.
    /// </summary>
    public double Scale { get; private set; }

    /// <summary>
    /// Sets the unit for a step from a point: the present residual where that is larger than the labels, and never so small that the rounding of f, a sum of terms
    /// that may cancel, would exceed the error allowed.
    /// </summary>
    /// <param name="b">The signal there, N × c.</param>
    /// <param name="largestSum">max_k Σ_j ‖a_j‖ |z_jk|, the size of what is added up in f.</param>
    /// <param name="tolerance">The relative error of the signal that is allowed.</param>
    public void Rescale(ReadOnlySpan<double> b, double largestSum, double tolerance)
    {
        double present = 0;
        foreach (double value in b)
        {
            present = Math.Max(present, Math.Abs(value));
        }

        Scale = Math.Max(Math.Max(_labelScale, present * _targets.Rows), SumRounding * largestSum / tolerance);
    }

    /// <summary>½ of the squared unit of the labels: about the loss of the zero network.</summary>
    public double LabelLoss => 0.5 * _labelScale * _labelScale;

    /// <summary>Writes b (N × c) for outputs f on rays (N × c) and returns L.</summary>
    public double Evaluate(ReadOnlySpan<double> f, Span<double> b)
    {
        int n = _targets.Rows;
        b.Clear();
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            int ray = LoadOutput(f, k);
            sum += _loss.OfSample(_output, _targets.Row(k));
            if (ray >= 0)
            {
                _loss.ResidualOfSample(_output, _targets.Row(k), _residual);
                for (int o = 0; o < Outputs; o++)
                {
                    b[(ray * Outputs) + o] += _span.FactorOfSample[k] * _residual[o] / n;
                }
            }
        }

        return sum / n;
    }

    /// <summary>Writes −∂b/∂f on rays: one c × c block for each ray (N × c × c).</summary>
    public void Slope(ReadOnlySpan<double> f, Span<double> slope)
    {
        int n = _targets.Rows, block = Outputs * Outputs;
        slope.Clear();
        for (int k = 0; k < n; k++)
        {
            int ray = LoadOutput(f, k);
            if (ray < 0)
            {
                continue;
            }

            _loss.CurvatureOfSample(_output, _targets.Row(k), _curvature);
            double factor = _span.FactorOfSample[k] * _span.FactorOfSample[k] / n;
            for (int i = 0; i < block; i++)
            {
                slope[(ray * block) + i] += factor * _curvature[i];
            }
        }
    }

    private int LoadOutput(ReadOnlySpan<double> f, int sample)
    {
        int ray = _span.RayOfSample[sample];
        for (int o = 0; o < Outputs; o++)
        {
            _output[o] = ray < 0 ? 0 : _span.FactorOfSample[sample] * f[(ray * Outputs) + o];
        }

        return ray;
    }

    private double ResidualScale()
    {
        double largest = 0;
        Array.Clear(_output);
        for (int k = 0; k < _targets.Rows; k++)
        {
            _loss.ResidualOfSample(_output, _targets.Row(k), _residual);
            foreach (double r in _residual)
            {
                largest = Math.Max(largest, Math.Abs(r));
            }
        }

        return largest > 0 ? largest : 1;
    }
}
