namespace ReluFlow.Networks;

/// <summary>A loss ℓ(f, y) of one sample's outputs f and targets y, both of length c.</summary>
/// <remarks>The training loss is L = (1/n) Σ_k ℓ(f(x_k), y_k); the unit of time of a flow follows from it.</remarks>
public abstract class Loss
{
    /// <summary>ℓ(f, y) = ½ ‖f − y‖², so that L = (1/2n) Σ ‖f(x_k) − y_k‖².</summary>
    public static Loss Squared { get; } = new SquaredLoss();

    /// <summary>The name used in specs and summaries.</summary>
    public abstract string Name { get; }

    /// <summary>How one unit of flow time relates to L, in words for headings.</summary>
    public abstract string Convention { get; }

    /// <summary>ℓ(f, y) ≥ 0 of one sample.</summary>
    public abstract double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target);

    /// <summary>Writes the residual signal r = −∂ℓ/∂f (length c) of one sample.</summary>
    public abstract void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual);

    /// <summary>Writes the curvature −∂r/∂f (c × c, symmetric, positive semidefinite, row-major) of one sample.</summary>
    public abstract void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature);

    /// <summary>L = (1/n) Σ_k ℓ(f(x_k), y_k) for outputs f (n × c, row-major).</summary>
    /// <exception cref="ArgumentException">The outputs do not have the shape of the targets.</exception>
    public double Mean(ReadOnlySpan<double> outputs, Matrix targets)
    {
        int c = RequireShape(outputs, targets);
        double sum = 0;
        for (int k = 0; k < targets.Rows; k++)
        {
            sum += OfSample(outputs.Slice(k * c, c), targets.Row(k));
        }

        return sum / targets.Rows;
    }

    /// <summary>Writes the residual signal r_k = −∂ℓ/∂f(x_k) of all samples (n × c, row-major). May overwrite the outputs.</summary>
    /// <exception cref="ArgumentException">The outputs do not have the shape of the targets.</exception>
    public void ResidualSignal(ReadOnlySpan<double> outputs, Matrix targets, Span<double> residual)
    {
        int c = RequireShape(outputs, targets);
        for (int k = 0; k < targets.Rows; k++)
        {
            ResidualOfSample(outputs.Slice(k * c, c), targets.Row(k), residual.Slice(k * c, c));
        }
    }

    private static int RequireShape(ReadOnlySpan<double> outputs, Matrix targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return outputs.Length == targets.Rows * targets.Columns
            ? targets.Columns
            : throw new ArgumentException($"{outputs.Length} outputs given for targets {targets.Rows} × {targets.Columns}.", nameof(outputs));
    }

    private sealed class SquaredLoss : Loss
    {
        public override string Name => "squared";

        public override string Convention => "flow time of L = (1/2n) Σ ‖f(x_k) − y_k‖²";

        public override double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target)
        {
            double sum = 0;
            for (int i = 0; i < target.Length; i++)
            {
                double difference = output[i] - target[i];
                sum += difference * difference;
            }

            return sum / 2;
        }

        public override void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual)
        {
            for (int i = 0; i < target.Length; i++)
            {
                residual[i] = target[i] - output[i];
            }
        }

        public override void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature)
        {
            curvature.Clear();
            for (int i = 0; i < target.Length; i++)
            {
                curvature[(i * target.Length) + i] = 1;
            }
        }
    }
}
