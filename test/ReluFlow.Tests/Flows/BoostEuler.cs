using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>
/// The simplest independent route to the flow: tiny steps, the residual frozen over each, every neuron boosted by the closed form under the gates it shows,
/// and a² − ‖w‖² re-imposed. It chatters along slides with an amplitude of the step, so it converges to the flow at first order. One output only.
/// </summary>
internal static class BoostEuler
{
    /// <summary>θ(<paramref name="time"/>) with steps of <paramref name="step"/>. Cost O(T/h · m n d).</summary>
    public static ReluNetwork Follow(Dataset data, ReluNetwork start, double time, double step)
    {
        int m = start.Width, d = start.InputDimension, n = data.Samples;
        var w = new double[m][];
        var a = new double[m];
        var rho = new double[m];
        var imbalance = new double[m];
        for (int j = 0; j < m; j++)
        {
            w[j] = start.InputWeights.Row(j).ToArray();
            a[j] = start.OutputWeights[j, 0];
            rho[j] = start.LogScales[j];
            imbalance[j] = (a[j] * a[j]) - w[j].Sum(v => v * v);
        }

        var z = new double[n];
        for (long i = 0, steps = (long)Math.Round(time / step); i < steps; i++)
        {
            var residual = new double[n];
            for (int k = 0; k < n; k++)
            {
                residual[k] = data.Targets[k, 0];
                for (int j = 0; j < m; j++)
                {
                    double pre = Product(w[j], data.Inputs.Row(k));
                    residual[k] -= pre > 0 ? Math.Exp(2 * rho[j]) * a[j] * pre : 0;
                }
            }

            for (int j = 0; j < m; j++)
            {
                var direction = new double[d];
                for (int k = 0; k < n; k++)
                {
                    if (Product(w[j], data.Inputs.Row(k)) > 0)
                    {
                        for (int c = 0; c < d; c++)
                        {
                            direction[c] += residual[k] / n * data.Inputs[k, c];
                        }
                    }
                }

                double g = Math.Sqrt(direction.Sum(v => v * v));
                if (g == 0)
                {
                    continue;
                }

                double p = Product(w[j], direction) / g, cosh = Math.Cosh(g * step), sinh = Math.Sinh(g * step);
                double move = (p * (cosh - 1)) + (a[j] * sinh);
                a[j] = (a[j] * cosh) + (p * sinh);
                for (int c = 0; c < d; c++)
                {
                    w[j][c] += move * direction[c] / g;
                }

                double size = Math.Sqrt(w[j].Sum(v => v * v));
                a[j] = Math.Sign(a[j]) * Math.Sqrt((size * size) + imbalance[j]);
                double scale = Math.Abs(a[j]);
                for (int c = 0; c < d; c++)
                {
                    w[j][c] /= scale;
                }

                a[j] /= scale;
                rho[j] += Math.Log(scale);
                imbalance[j] /= scale * scale;
            }
        }

        return ReluNetwork.FromScaledWeights(Matrix.FromRows(w), Matrix.Column(a), rho);
    }

    private static double Product(double[] w, ReadOnlySpan<double> x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += w[i] * x[i];
        }

        return sum;
    }
}
