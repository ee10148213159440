namespace ReluFlow.Flows;

/// <summary>Adam: running means M of the gradient and V of its square, the direction of the step is M̂/(√V̂ + ε) with M̂ = M/(1 − β₁ᵗ), V̂ = V/(1 − β₂ᵗ). Source: [Adam], algorithm 1.</summary>
/// <remarks>V̂ and ε set a size, which the neurons' own units would change: weights are true ones.</remarks>
internal sealed class AdamMoments(AdamOptions options, int inputWeights, int outputWeights) : StepMemory
{
    private readonly Moments _w = new(inputWeights), _a = new(outputWeights);
    private double _power1 = 1, _power2 = 1;

    /// <inheritdoc/>
    public override bool NeedsTrueWeights => true;

    /// <inheritdoc/>
    public override void Turn(Span<double> w, Span<double> a)
    {
        _power1 *= options.Beta1;
        _power2 *= options.Beta2;
        Turn(_w, w);
        Turn(_a, a);
    }

    private void Turn(Moments moments, Span<double> direction)
    {
        double beta1 = options.Beta1, beta2 = options.Beta2, epsilon = options.Epsilon;
        for (int i = 0; i < direction.Length; i++)
        {
            double g = direction[i];
            double first = moments.First[i] = (beta1 * moments.First[i]) + ((1 - beta1) * g);
            double second = moments.Second[i] = (beta2 * moments.Second[i]) + ((1 - beta2) * g * g);
            direction[i] = first / (1 - _power1) / (Math.Sqrt(second / (1 - _power2)) + epsilon);
        }
    }

    private sealed class Moments(int count)
    {
        public double[] First { get; } = new double[count];

        public double[] Second { get; } = new double[count];
    }
}
