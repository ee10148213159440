using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using ComplexVector = MathNet.Numerics.LinearAlgebra.Vector<System.Numerics.Complex>;

namespace ReluFlow.Flows.Boost;

/// <summary>The s-stage Radau IIA collocation on [0, 1]: nodes c_1 &lt; … &lt; c_s = 1, and what the waveform iteration needs of them.</summary>
/// <remarks>
/// Order 2s − 1 at the end of a step, stage order s, L-stable. The nodes are the zeros of d^{s−1}/dσ^{s−1} [σ^{s−1}(σ − 1)^s].
/// Source: [HairerWanner], section IV.5.
/// </remarks>
internal sealed class RadauNodes
{
    private RadauNodes(int stages)
    {
        Stages = stages;
        Nodes = Zeros(stages);
        ToMonomials = InverseVandermonde(Nodes);
        Integration = IntegrationMatrix(Nodes, ToMonomials);
        Matrix<double> q = Matrix<double>.Build.Dense(stages, stages, (i, l) => Integration[(i * stages) + l]);
        var evd = q.Evd();
        Eigenvalues = [.. evd.EigenValues];
        Matrix<Complex> vectors = ComplexVectors(q, Eigenvalues);
        Eigenvectors = vectors;
        InverseEigenvectors = vectors.Inverse();
        RealEigenvalueIndex = Enumerable.Range(0, stages).MinBy(i => Math.Abs(Eigenvalues[i].Imaginary));
    }

    /// <summary>s.</summary>
    public int Stages { get; }

    /// <summary>c_1 … c_s, increasing, the last is 1.</summary>
    public double[] Nodes { get; }

    /// <summary>s × s: monomial coefficients of the polynomial through given node values, β_i = Σ_l ToMonomials[i, l] B_l.</summary>
    public double[] ToMonomials { get; }

    /// <summary>Q, s × s: ∫_0^{c_i} of the polynomial through node values is Σ_l Q[i, l] B_l.</summary>
    public double[] Integration { get; }

    /// <summary>Eigenvalues of Q, one of them real.</summary>
    public Complex[] Eigenvalues { get; }

    /// <summary>T with Q = T diag(eigenvalues) T⁻¹.</summary>
    public Matrix<Complex> Eigenvectors { get; }

    /// <summary>T⁻¹.</summary>
    public Matrix<Complex> InverseEigenvectors { get; }

    /// <summary>Index of the eigenvalue with the least imaginary part: γ₀ of the error filter.</summary>
    public int RealEigenvalueIndex { get; }

    /// <summary>Makes the collocation of 3, 5 or 7 stages; with an even number no eigenvalue is real.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another number of stages.</exception>
    public static RadauNodes WithStages(int stages) => stages is 3 or 5 or 7
        ? new RadauNodes(stages)
        : throw new ArgumentOutOfRangeException(nameof(stages), stages, "Radau IIA is available with 3, 5 or 7 stages.");

    private static double[] Zeros(int s)
    {
        // Radau zeros on [−1, 1] are those of P_{s−1} − P_s (with 1 among them); Newton with deflation from Chebyshev-like guesses.
        var zeros = new double[s];
        for (int i = 0; i < s; i++)
        {
            double x = i == s - 1 ? 1 : -Math.Cos(Math.PI * ((2 * i) + 1) / ((2 * s) - 1));
            for (int iteration = 0; iteration < 60 && i < s - 1; iteration++)
            {
                (double value, double slope) = LegendreDifference(x, s);
                double deflation = 0;
                for (int l = 0; l < i; l++)
                {
                    deflation += 1 / (x - zeros[l]);
                }

                double step = value / (slope - (value * deflation));
                x -= step;
                if (Math.Abs(step) < 1e-16)
                {
                    break;
                }
            }

            zeros[i] = x;
        }

        Array.Sort(zeros);
        return [.. zeros.Select(x => x == 1 ? 1 : (x + 1) / 2)];
    }

    private static (double Value, double Slope) LegendreDifference(double x, int s)
    {
        double previous = 1, current = x, previousSlope = 0, currentSlope = 1;
        for (int k = 2; k <= s; k++)
        {
            double next = (((2 * k) - 1) * x * current - ((k - 1) * previous)) / k;
            double nextSlope = (((2 * k) - 1) * (current + (x * currentSlope)) - ((k - 1) * previousSlope)) / k;
            (previous, current, previousSlope, currentSlope) = (current, next, currentSlope, nextSlope);
        }

        return (previous - current, previousSlope - currentSlope);
    }

    private static double[] InverseVandermonde(double[] nodes)
    {
        int s = nodes.Length;
        Matrix<double> v = Matrix<double>.Build.Dense(s, s, (l, i) => Math.Pow(nodes[l], i));
        Matrix<double> inverse = v.Inverse();
        return [.. from i in Enumerable.Range(0, s) from l in Enumerable.Range(0, s) select inverse[i, l]];
    }

    private static double[] IntegrationMatrix(double[] nodes, double[] toMonomials)
    {
        int s = nodes.Length;
        var q = new double[s * s];
        for (int i = 0; i < s; i++)
        {
            for (int l = 0; l < s; l++)
            {
                for (int power = 0; power < s; power++)
                {
                    q[(i * s) + l] += Math.Pow(nodes[i], power + 1) / (power + 1) * toMonomials[(power * s) + l];
                }
            }
        }

        return q;
    }

    private static Matrix<Complex> ComplexVectors(Matrix<double> q, Complex[] eigenvalues)
    {
        // One step of inverse iteration from the eigenvalue gives each vector of this small, well-separated spectrum.
        int s = eigenvalues.Length;
        Matrix<Complex> qc = q.Map(v => new Complex(v, 0));
        var columns = new ComplexVector[s];
        for (int i = 0; i < s; i++)
        {
            Matrix<Complex> shifted = qc - (Matrix<Complex>.Build.DenseIdentity(s) * (eigenvalues[i] * (1 + 1e-10)));
            ComplexVector v = ComplexVector.Build.Dense(s, l => new Complex(1 + (0.1 * l), 0));
            for (int sweep = 0; sweep < 3; sweep++)
            {
                v = shifted.Solve(v);
                v /= v.L2Norm();
            }

            columns[i] = v;
        }

        return Matrix<Complex>.Build.DenseOfColumnVectors(columns);
    }
}
