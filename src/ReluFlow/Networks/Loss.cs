namespace ReluFlow.Networks;

/// <summary>A loss ℓ(f, y) of one sample's outputs f and targets y, both of length c.</summary>
/// <remarks>The training loss is L = (1/n) Σ_k ℓ(f(x_k), y_k); the unit of time of a flow follows from it.</remarks>
public abstract class Loss
{
    /// <summary>ℓ(f, y) = ½ ‖f − y‖², so that L = (1/2n) Σ ‖f(x_k) − y_k‖².</summary>
    public static Loss Squared { get; } = new SquaredLoss();

    /// <summary>ℓ(f, y) = ln(1 + e^{−y f}) for labels y = ±1; of several outputs the sum.</summary>
    public static Loss Logistic { get; } = new LogisticLoss();

    /// <summary>ℓ(f, y) = −ln softmax(f)_t for a one-hot target y of class t, c ≥ 2 outputs.</summary>
    public static Loss CrossEntropy { get; } = new CrossEntropyLoss();

    /// <summary>The losses of the library.</summary>
    public static IReadOnlyList<Loss> All { get; } = [Squared, Logistic, CrossEntropy];

    /// <summary>The name used in specs and summaries.</summary>
    public abstract string Name { get; }

    /// <summary>How one unit of flow time relates to L, in words for headings.</summary>
    public abstract string Convention { get; }

    /// <summary>Which targets the loss is of, in words for messages.</summary>
    public virtual string ExpectedTargets => "finite targets";

    /// <summary>Whether the loss is of such a target (length c, finite).</summary>
    public virtual bool Accepts(ReadOnlySpan<double> target) => true;

    /// <summary>ℓ(f, y) ≥ 0 of one sample.</summary>
    public abstract double OfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target);

    /// <summary>Writes the residual signal r = −∂ℓ/∂f (length c) of one sample.</summary>
    public abstract void ResidualOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> residual);

    /// <summary>Writes the curvature −∂r/∂f (c × c, symmetric, positive semidefinite, row-major) of one sample.</summary>
    public abstract void CurvatureOfSample(ReadOnlySpan<double> output, ReadOnlySpan<double> target, Span<double> curvature);

    /// <summary>What is wrong with the targets of a data set, in one sentence; null where the loss is of all of them.</summary>
    /// <exception cref="ArgumentNullException">No data.</exception>
    public string? FaultOf(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        int k = 0;
        while (k < data.Samples && Accepts(data.Targets.Row(k)))
        {
            k++;
        }

        return k == data.Samples
            ? null
            : FormattableString.Invariant($"the loss is {Name}; the target of sample {k} of data set '{data.Name}' is {Listed(data.Targets.Row(k))}; {ExpectedTargets} are expected.");
    }

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

    /// <summary>ln(1 + x) for x ≥ 0, right to rounding also where x is small: what 1 + x rounds off is divided out.</summary>
    private protected static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : double.IsInfinity(sum) ? sum : Math.Log(sum) * (x / (sum - 1));
    }

    private static string Listed(ReadOnlySpan<double> target)
    {
        const int Most = 10;
        IEnumerable<string> shown = target[..Math.Min(Most, target.Length)].ToArray().Select(static y => FormattableString.Invariant($"{y}"));
        return target.Length == 1 ? shown.Single() : $"({string.Join(", ", shown)}{(target.Length > Most ? ", …" : "")})";
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
