using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>Finds where in a step the first ⟨w_j, x_k⟩ leaves the side on which its gate stands.</summary>
/// <remarks>
/// Along the continuous extension ⟨w_j, x_k⟩ is a quartic in σ, and its first fall through zero is found exactly: two crossings of a gate in
/// one step are seen. A gate that starts within <see cref="Boundary"/> of zero has just changed (or rests there), and counts as leaving only
/// once it is clearly on the other side.
/// </remarks>
internal sealed class GateCrossing
{
    /// <summary>|⟨u, x⟩| ≤ this · ‖x‖ is the boundary itself: a located root is off by about 1e-15 ‖x‖.</summary>
    public const double Boundary = 1e-13;

    private readonly Matrix _inputs;
    private readonly GramMatrix _gram;
    private readonly LogPolarState _layout;

    /// <summary>For inputs X (n × d) with their Gram matrix, on vectors of the given layout.</summary>
    public GateCrossing(Matrix inputs, GramMatrix gram, LogPolarState layout)
    {
        _inputs = inputs;
        _gram = gram;
        _layout = layout;
    }

    /// <summary>
    /// Whether ⟨w_j, x_k⟩ can move at all under the gates of neuron j (length n): some open gate belongs to an input that is not orthogonal to x_k.
    /// On orthogonal inputs a closed gate cannot, and so never opens again, whatever the rounding of ⟨w_j, x_k⟩ says.
    /// </summary>
    public bool CanMove(ReadOnlySpan<bool> gates, int sample)
    {
        ReadOnlySpan<double> row = _gram.Row(sample);
        for (int l = 0; l < row.Length; l++)
        {
            if (gates[l] && row[l] != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first σ in (0, 1] of an extended step at which a gate of <paramref name="gates"/> (m × n) is left; NaN where none is. Cost O(n m d) at most.</summary>
    public double First(DormandPrinceStep step, ReadOnlySpan<bool> gates)
    {
        int n = _inputs.Rows;
        double first = double.NaN;
        for (int j = 0; j < _layout.Neurons; j++)
        {
            ReadOnlySpan<bool> row = gates.Slice(j * n, n);
            double change = LargestChange(step, j);
            for (int k = 0; k < n; k++)
            {
                // A neuron that moves by less than its distance cannot reach the boundary.
                double side = row[k] ? 1 : -1;
                double distance = side * TensorPrimitives.Dot<double>(_layout.Incoming(step.Start, j), _inputs.Row(k));
                if (distance > (change + Boundary) * _gram.Norm(k) || !CanMove(row, k))
                {
                    continue;
                }

                double sigma = Leaves(step, j, k, side, distance);
                if (!(first <= sigma) && !double.IsNaN(sigma))
                {
                    first = sigma;
                }
            }
        }

        return first;
    }

    // A bound of ‖w_j(σ) − w_j(0)‖ over the step.
    private double LargestChange(DormandPrinceStep step, int neuron)
    {
        double sum = 0;
        for (int p = 1; p <= DormandPrince.Degree; p++)
        {
            sum += TensorPrimitives.Norm<double>(_layout.Incoming(step.Coefficient(p), neuron));
        }

        return sum;
    }

    private double Leaves(DormandPrinceStep step, int neuron, int sample, double side, double distance)
    {
        Span<double> quartic = stackalloc double[DormandPrince.Degree + 1];
        double boundary = Boundary * _gram.Norm(sample);
        double slack = distance > boundary ? 0 : 2 * Math.Max(boundary, -distance);
        quartic[0] = distance + slack;
        for (int p = 1; p <= DormandPrince.Degree; p++)
        {
            quartic[p] = side * TensorPrimitives.Dot<double>(_layout.Incoming(step.Coefficient(p), neuron), _inputs.Row(sample));
        }

        return UnitPolynomial.FirstFall(quartic);
    }
}
