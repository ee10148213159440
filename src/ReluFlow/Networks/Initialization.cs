namespace ReluFlow.Networks;

/// <summary>How the first weights are drawn. m neurons, d inputs without the bias, c outputs, λ the scale.</summary>
/// <remarks>Every draw is in units of λ; λ enters only through the log scale, so its size costs no accuracy.
/// Source: [GF] and its public code, [EA] for one output; for several, where ± becomes a uniformly random unit vector, ours.</remarks>
public static class Initialization
{
    /// <summary>Balanced: w ~ N(0, λ²/(m d) I), the bias weight with the same deviation, a = ±‖w‖ with fair signs; for c > 1 outputs ‖a‖ = ‖w‖ in a random direction.</summary>
    /// <param name="width">m ≥ 1.</param>
    /// <param name="inputDimension">d ≥ 1, the bias not counted.</param>
    /// <param name="hasBias">Whether a bias weight is appended.</param>
    /// <param name="scale">λ.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <param name="outputs">c ≥ 1.</param>
    /// <param name="cancellation">Ends the draw early.</param>
    /// <exception cref="ArgumentOutOfRangeException">Width or a dimension is not positive.</exception>
    /// <exception cref="OperationCanceledException">The draw was cancelled.</exception>
    public static ReluNetwork Balanced(int width, int inputDimension, bool hasBias, LogNumber scale, ulong seed, int outputs = 1, CancellationToken cancellation = default) =>
        Draw(new Shape(width, inputDimension, hasBias, outputs), scale, seed, static (stream, w, a, d) =>
        {
            Fill(w, 1 / Math.Sqrt(d), stream);
            Direct(a, Norm(w), stream);
        }, cancellation);

    /// <summary>Unbalanced: independent Gaussians of deviation λ/√m for incoming and outgoing weights.</summary>
    /// <inheritdoc cref="Balanced" path="/param|/exception"/>
    public static ReluNetwork Unbalanced(int width, int inputDimension, bool hasBias, LogNumber scale, ulong seed, int outputs = 1, CancellationToken cancellation = default) =>
        Draw(new Shape(width, inputDimension, hasBias, outputs), scale, seed, static (stream, w, a, _) =>
        {
            Fill(w, 1, stream);
            Fill(a, 1, stream);
        }, cancellation);

    /// <summary>Dominated, ‖a‖ ≥ ‖w‖: w uniform in [−λ/√m, λ/√m]^d and ‖a‖ = √(d) λ/√m, d counting the bias, with fair signs or, for c > 1, in a random direction.</summary>
    /// <remarks>For two coordinates |a| = √2 λ/√m, the value of the public code of [EA]; √d is the least that dominates every draw in other dimensions.</remarks>
    /// <inheritdoc cref="Balanced" path="/param|/exception"/>
    public static ReluNetwork Dominated(int width, int inputDimension, bool hasBias, LogNumber scale, ulong seed, int outputs = 1, CancellationToken cancellation = default) =>
        Draw(new Shape(width, inputDimension, hasBias, outputs), scale, seed, static (stream, w, a, _) =>
        {
            for (int i = 0; i < w.Length; i++)
            {
                w[i] = (2 * stream.NextUniform()) - 1;
            }

            Direct(a, Math.Sqrt(w.Length), stream);
        }, cancellation);

    private delegate void DrawNeuron(RandomStream stream, Span<double> w, Span<double> a, int inputDimension);

    private readonly record struct Shape(int Width, int InputDimension, bool HasBias, int Outputs);

    private static ReluNetwork Draw(Shape shape, LogNumber scale, ulong seed, DrawNeuron neuron, CancellationToken cancellation)
    {
        (int width, int inputDimension, bool hasBias, int c) = shape;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputDimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(c);
        int d = hasBias ? inputDimension + 1 : inputDimension;
        var stream = new RandomStream(seed);
        var w = new double[width * d];
        var a = new double[width * c];
        for (int j = 0; j < width; j++)
        {
            cancellation.ThrowIfCancellationRequested();
            neuron(stream, w.AsSpan(j * d, d), a.AsSpan(j * c, c), inputDimension);
        }

        var logScales = new double[width];
        Array.Fill(logScales, scale.Log - (0.5 * Math.Log(width)));
        return ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(width, d, w), Matrix.TakeOwnership(width, c, a), logScales);
    }

    private static void Fill(Span<double> w, double deviation, RandomStream stream)
    {
        for (int i = 0; i < w.Length; i++)
        {
            w[i] = deviation * stream.NextNormal();
        }
    }

    // A uniformly random vector of given length; of one coordinate, one of a fair sign.
    private static void Direct(Span<double> a, double length, RandomStream stream)
    {
        if (a.Length == 1)
        {
            a[0] = stream.NextSign();
        }
        else
        {
            RandomDirection.Draw(a, [], stream);
        }

        foreach (ref double value in a)
        {
            value *= length;
        }
    }

    // The sum carries its rounding errors along, so that a neuron is balanced to the last bits in any dimension.
    private static double Norm(ReadOnlySpan<double> w)
    {
        double sum = 0, error = 0;
        foreach (double value in w)
        {
            double square = value * value, total = sum + square;
            error += Math.FusedMultiplyAdd(value, value, -square) + (sum >= square ? sum - total + square : square - total + sum);
            sum = total;
        }

        return Math.Sqrt(sum + error);
    }
}
