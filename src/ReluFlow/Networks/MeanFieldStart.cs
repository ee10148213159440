namespace ReluFlow.Networks;

/// <summary>
/// The start of an infinitely wide network in the plane (one input and a bias, or two inputs): the law of its first weights as quadrature nodes. A node of probability p stands for
/// the share p of all neurons: in the limit m → ∞ of deviations λ/√m it is one neuron with λ √p times the weights of a draw of unit deviation.
/// </summary>
/// <remarks>The output is Σ_j a_j σ(⟨w_j, x⟩), homogeneous of degree two in a neuron, so that m neurons of one direction and size 1/√m are one of size 1. Source: [EA], section 2, for the
/// laws; the quadrature is ours.</remarks>
public static class MeanFieldStart
{
    /// <summary>Balanced, as <see cref="Initialization.Balanced"/>: directions of w at equal angles, both signs; E‖w‖² is all that is left of the law of norms.</summary>
    /// <param name="angles">How many directions, at least 3; the network has twice as many neurons.</param>
    /// <param name="hasBias">Whether the second coordinate is a bias.</param>
    /// <param name="scale">λ.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few directions.</exception>
    public static ReluNetwork Balanced(int angles, bool hasBias, LogNumber scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(angles, LeastNodes);
        var nodes = new Nodes(2 * angles);

        // E‖w‖² = 2/d with d = 1 input beside a bias and 2 without.
        double norm = Math.Sqrt(2.0 / (hasBias ? 1 : 2));
        for (int i = 0; i < angles; i++)
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * (i + 0.5) / angles);
            nodes.Add(norm * cos, norm * sin, norm);
            nodes.Add(norm * cos, norm * sin, -norm);
        }

        return nodes.ToNetwork(scale);
    }

    /// <summary>
    /// Unbalanced, as <see cref="Initialization.Unbalanced"/>: (w, a) is isotropic in space, so that its direction is uniform on the sphere: equal steps of height a and of angle, rings
    /// turned against each other. E‖(w, a)‖² = 3.
    /// </summary>
    /// <param name="angles">Directions of w on each ring, at least 3.</param>
    /// <param name="heights">Rings, at least 3.</param>
    /// <param name="scale">λ.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few directions.</exception>
    public static ReluNetwork Unbalanced(int angles, int heights, LogNumber scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(angles, LeastNodes);
        ArgumentOutOfRangeException.ThrowIfLessThan(heights, LeastNodes);
        var nodes = new Nodes(angles * heights);
        double norm = Math.Sqrt(3);
        for (int ring = 0; ring < heights; ring++)
        {
            double height = ((2 * (ring + 0.5)) / heights) - 1, radius = Math.Sqrt(1 - (height * height)), turn = (ring * GoldenSection) % 1;
            for (int i = 0; i < angles; i++)
            {
                (double sin, double cos) = Math.SinCos(2 * Math.PI * (i + turn) / angles);
                nodes.Add(norm * radius * cos, norm * radius * sin, norm * height);
            }
        }

        return nodes.ToNetwork(scale);
    }

    /// <summary>Dominated, as <see cref="Initialization.Dominated"/>: w on a grid of the square [−1, 1]², |a| = √2, both signs.</summary>
    /// <param name="side">Grid points along a side, at least 3; the network has 2 side² neurons.</param>
    /// <param name="scale">λ.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few grid points.</exception>
    public static ReluNetwork Dominated(int side, LogNumber scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, LeastNodes);
        var nodes = new Nodes(2 * side * side);
        for (int i = 0; i < side * side; i++)
        {
            // Rows a little apart from each other: else a ray through the corner meets a whole diagonal at once.
            double w0 = ((2 * ((i / side) + 0.5)) / side) - 1, w1 = ((2 * ((i % side) + ((i / side * GoldenSection) % 1))) / side) - 1;
            nodes.Add(w0, w1, Math.Sqrt(2));
            nodes.Add(w0, w1, -Math.Sqrt(2));
        }

        return nodes.ToNetwork(scale);
    }

    private const int LeastNodes = 3;

    // The turn of one row against the next that keeps all rows apart best.
    private static readonly double GoldenSection = (Math.Sqrt(5) - 1) / 2;

    private sealed class Nodes(int count)
    {
        private readonly double[] _w = new double[2 * count];
        private readonly double[] _a = new double[count];
        private int _at;

        public void Add(double w0, double w1, double a)
        {
            (_w[2 * _at], _w[(2 * _at) + 1], _a[_at]) = (w0, w1, a);
            _at++;
        }

        public ReluNetwork ToNetwork(LogNumber scale)
        {
            var logScales = new double[count];
            Array.Fill(logScales, scale.Log - (0.5 * Math.Log(count)));
            return ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(count, 2, _w), Matrix.TakeOwnership(count, 1, _a), logScales);
        }
    }
}
