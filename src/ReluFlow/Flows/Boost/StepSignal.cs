namespace ReluFlow.Flows.Boost;

/// <summary>The residual signal over one step as a polynomial: h b(σ) = Σ_i β_i σ^i on the rays, σ ∈ [0, 1].</summary>
/// <remarks>The step size is folded in, so that D(σ) = Σ_k A_k x_k h b_k(σ) moves neurons in units of σ.</remarks>
internal sealed class StepSignal
{
    /// <summary>Room for a number of monomials.</summary>
    public StepSignal(int rays, int outputs, int stages)
    {
        Outputs = outputs;
        Coefficients = new double[rays * stages * outputs];
    }

    /// <summary>h.</summary>
    public double Step { get; set; }

    /// <summary>Number of monomials: 1 where the signal is constant over the step.</summary>
    public int Monomials { get; set; }

    /// <summary>c.</summary>
    public int Outputs { get; }

    /// <summary>Monomials · c: how many moments a neuron has.</summary>
    public int Moments => Monomials * Outputs;

    /// <summary>N × Moments, entry (k, i c + o) is coefficient i of output o on ray k.</summary>
    public double[] Coefficients { get; }

    /// <summary>h b_{k,o}(σ).</summary>
    public double At(int ray, int output, double sigma)
    {
        int at = (ray * Moments) + output;
        double value = 0;
        for (int i = Monomials - 1; i >= 0; i--)
        {
            value = (value * sigma) + Coefficients[at + (i * Outputs)];
        }

        return value;
    }

    /// <summary>Sets the polynomial through node values B (s × N × c) times h; constant at their mean where <paramref name="constant"/>.</summary>
    public void Set(RadauNodes radau, ReadOnlySpan<double> nodeValues, double step, bool constant)
    {
        int s = radau.Stages, entries = nodeValues.Length / s;
        Step = step;
        Monomials = constant ? 1 : s;
        for (int e = 0; e < entries; e++)
        {
            int ray = e / Outputs, output = e % Outputs;
            for (int i = 0; i < Monomials; i++)
            {
                double value = 0;
                for (int l = 0; l < s; l++)
                {
                    // The mean over the step is the quadrature with the weights of the last node.
                    double weight = constant ? radau.Integration[((s - 1) * s) + l] : radau.ToMonomials[(i * s) + l];
                    value += weight * nodeValues[(l * entries) + e];
                }

                Coefficients[(ray * Moments) + (i * Outputs) + output] = step * value;
            }
        }
    }

    /// <summary>Sets a constant signal b (N × c) over a step of the given length.</summary>
    public void SetConstant(ReadOnlySpan<double> b, double step)
    {
        Step = step;
        Monomials = 1;
        for (int e = 0; e < b.Length; e++)
        {
            Coefficients[e] = step * b[e];
        }
    }
}
