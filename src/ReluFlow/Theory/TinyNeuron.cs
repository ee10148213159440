using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory;

/// <summary>One neuron on orthogonal inputs while the residual is still y: a and the z_k of its open gates between two closings; the rest of w does not enter.</summary>
/// <remarks>
/// On orthogonal inputs z_k' = a y_k ‖x_k‖²/n on an open gate and z_k' = 0 on a closed one, so a closed gate never opens and an open one of the neuron's own sign
/// (a y_k &gt; 0) never closes. Between closings D is constant and the neuron is boosted: with g = ‖D‖, p = ⟨w, D⟩/g and E = e^{gt},
/// a = ½[(a+p)₀E + (a−p)₀/E] and ∫a dt = (½[(a+p)₀E − (a−p)₀/E] − p₀)/g, so that z_k = 0 is a quadratic in E.
/// </remarks>
internal sealed class TinyNeuron
{
    /// <summary>Relative rounding of a root.</summary>
    private const double Rounding = 1e-12;

    private readonly double[] _z;
    private readonly double[] _pull;
    private readonly double[] _dual;
    private double _along;

    public TinyNeuron(Dataset data, ReadOnlySpan<double> w, double a)
    {
        int n = data.Samples;
        _z = new double[n];
        _pull = new double[n];
        _dual = new double[n];
        for (int k = 0; k < n; k++)
        {
            ReadOnlySpan<double> x = data.Inputs.Row(k);
            _z[k] = TensorPrimitives.Dot(w, x);
            _dual[k] = data.Targets[k, 0] / n;
            _pull[k] = _dual[k] * TensorPrimitives.SumOfSquares(x);
            if (ActivationPattern.IsActive(_z[k]))
            {
                Open.Add(k);
            }
        }

        Output = a;
        Turn();
    }

    public List<int> Open { get; } = [];

    public double Output { get; private set; }

    public double Rate { get; private set; }

    public double Time { get; private set; }

    /// <summary>a + p, the part that grows like E.</summary>
    public double Growing => Output + _along;

    /// <summary>a − p, the part that decays like 1/E.</summary>
    public double Shrinking => Output - _along;

    /// <summary>Advances to the next closing; false where there is none.</summary>
    public bool TryClose()
    {
        double first = double.PositiveInfinity;
        int closing = -1;
        foreach (int k in Open)
        {
            double growth = GrowthAtZero(k);
            if (growth < first)
            {
                (first, closing) = (growth, k);
            }
        }

        if (closing < 0)
        {
            return false;
        }

        double growing = 0.5 * Growing * first, shrinking = 0.5 * (Output - _along) / first;
        double integral = (growing - shrinking - _along) / Rate;
        foreach (int k in Open)
        {
            _z[k] += _pull[k] * integral;
        }

        Output = growing + shrinking;
        Time += Math.Log(first) / Rate;

        // A gate that closes at the same moment but for rounding would otherwise be left at or below zero.
        Open.RemoveAll(k => k == closing || !ActivationPattern.IsActive(_z[k]));
        Turn();
        return true;
    }

    /// <summary>The smallest E ≥ 1 with z_k = 0: (a+p)E² − 2(p + gI)E − (a−p) = 0, I = −z_k n/(y_k ‖x_k‖²); +∞ where there is none.</summary>
    private double GrowthAtZero(int k)
    {
        double alpha = Growing, beta = _along - (Rate * _z[k] / _pull[k]), gamma = _along - Output;
        double discriminant = (beta * beta) - (alpha * gamma);
        if (!(discriminant >= 0))
        {
            return double.PositiveInfinity;
        }

        // A gate that is open by rounding only closes at E = 1 to rounding; one that is opening has its root there behind it.
        double q = beta + Math.CopySign(Math.Sqrt(discriminant), beta);
        double least = _pull[k] * Output < 0 ? 1 - Rounding : 1 + Rounding;
        double one = q / alpha, other = gamma / q;
        return Math.Max(1, Math.Min(one > least ? one : double.PositiveInfinity, other > least ? other : double.PositiveInfinity));
    }

    private void Turn()
    {
        double square = 0, product = 0;
        foreach (int k in Open)
        {
            square += _dual[k] * _pull[k];
            product += _dual[k] * _z[k];
        }

        Rate = Math.Sqrt(square);
        _along = Rate > 0 ? product / Rate : 0;
    }
}
