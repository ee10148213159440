using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>The map x_i → (x_i − mean_i) / deviation_i that gives every coordinate of some inputs mean 0 and variance 1; constant coordinates become 0.</summary>
internal sealed class Standardization
{
    private readonly double[] _means, _scales;

    private Standardization(double[] means, double[] scales)
    {
        _means = means;
        _scales = scales;
    }

    /// <summary>The map that belongs to inputs X (n × d); the variance is that of the n samples (divided by n).</summary>
    public static Standardization Of(Matrix inputs)
    {
        int n = inputs.Rows, d = inputs.Columns;
        var means = new double[d];
        var scales = new double[d];
        for (int i = 0; i < d; i++)
        {
            double sum = 0;
            bool constant = true;
            for (int k = 0; k < n; k++)
            {
                sum += inputs[k, i] / n;
                constant &= inputs[k, i] == inputs[0, i];
            }

            double variance = 0;
            for (int k = 0; k < n; k++)
            {
                double difference = inputs[k, i] - sum;
                variance += difference * difference / n;
            }

            means[i] = sum;
            scales[i] = constant || variance == 0 ? 0 : 1 / Math.Sqrt(variance);
        }

        return new Standardization(means, scales);
    }

    /// <summary>The same samples with mapped inputs.</summary>
    public Dataset Apply(Dataset data)
    {
        double[] values = data.Inputs.Values.ToArray();
        for (int k = 0; k < data.Samples; k++)
        {
            Span<double> row = values.AsSpan(k * data.InputDimension, data.InputDimension);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = _scales[i] == 0 ? 0 : (row[i] - _means[i]) * _scales[i];
            }
        }

        return new Dataset(Matrix.TakeOwnership(data.Samples, data.InputDimension, values), data.Targets, data.Name, $"{data.Provenance}; standardized");
    }
}
