using ReluFlow.Flows;

namespace ReluFlow.Theory.Saddles;

/// <summary>
/// The spectrum of ∇²L on the smooth piece around a saddle, with the neurons that are not visible embedded at zero.
/// </summary>
/// <remarks>
/// Working definition of ours [H]. The visible neurons are taken densely up to <see cref="LargestDense"/> rows. Beyond, only the first term of
/// <see cref="LossHessian"/> is taken for them, by its n c × n c kernel: at an exact critical point with c = 1 the other one vanishes for a neuron with a_j ≠ 0, since
/// D_j a_j = 0; elsewhere <see cref="Neglected"/> bounds what that moves an eigenvalue by (Weyl).
/// </remarks>
public sealed record HessianSpectrum
{
    /// <summary>The largest matrix whose eigenvalues are computed densely; some seconds.</summary>
    public const int LargestDense = 1000;

    // Eigenvalues of a symmetric matrix round at this share of the largest.
    private const double Rounding = 1e-12;

    private HessianSpectrum()
    {
    }

    /// <summary>m (d + c).</summary>
    public required int Dimension { get; init; }

    /// <summary>The eigenvalues that can differ from 0, ascending; the others, up to <see cref="Dimension"/>, are 0 exactly.</summary>
    public required IReadOnlyList<double> Eigenvalues { get; init; }

    /// <summary>The zeros that the rescaling w_j → α w_j, a_j → a_j / α gives at a critical point: one for each visible neuron with an open gate.</summary>
    public required int Rescalings { get; init; }

    /// <summary>The zeros of dead neurons, all d + c directions of a neuron whose gates are closed on every sample.</summary>
    public required int OfDeadNeurons { get; init; }

    /// <summary>The zeros of neurons embedded at zero with a gate open: d + c − 2 rank D_j of each.</summary>
    public required int OfEmbeddedNeurons { get; init; }

    /// <summary>How far the neglected term can move an eigenvalue of the visible neurons: the largest ‖D_j‖ among them; 0 where nothing is neglected.</summary>
    public required double Neglected { get; init; }

    /// <summary>The least eigenvalue; 0 where all are 0 or there is none below.</summary>
    public double Least => Eigenvalues.Count == 0 ? 0 : Math.Min(0, Eigenvalues[0]);

    /// <summary>The spectrum with given neurons visible and all others embedded at zero; null where it is too large, both p(d + c) and n c above <see cref="LargestDense"/>.</summary>
    public static HessianSpectrum? Of(SmoothPiece piece, IReadOnlyList<int> visible)
    {
        ArgumentNullException.ThrowIfNull(piece);
        ArgumentNullException.ThrowIfNull(visible);
        int size = piece.Network.InputDimension + piece.Network.OutputDimension;
        long rows = (long)visible.Count * size, kernel = (long)piece.Data.Samples * piece.Data.OutputDimension;
        bool dense = rows <= LargestDense;
        if (!dense && kernel > LargestDense)
        {
            return null;
        }

        var hessian = new LossHessian(piece);
        List<double> values = [.. dense ? hessian.Eigenvalues(visible) : hessian.GaussNewtonEigenvalues(visible)];
        var isVisible = visible.ToHashSet();
        int embeddedZeros = 0;
        foreach (int j in Enumerable.Range(0, piece.Network.Width).Where(j => !isVisible.Contains(j) && IsLive(piece, j)))
        {
            double[] pulls = [.. hessian.Pulls(j).Where(pull => pull > 0)];
            values.AddRange(pulls);
            values.AddRange(pulls.Select(pull => -pull));
            embeddedZeros += size - (2 * pulls.Length);
        }

        values.Sort();
        return new HessianSpectrum
        {
            Dimension = piece.Network.Width * size,
            Eigenvalues = values,
            Rescalings = visible.Count(j => IsLive(piece, j)),
            OfDeadNeurons = size * Enumerable.Range(0, piece.Network.Width).Count(j => !IsLive(piece, j)),
            OfEmbeddedNeurons = embeddedZeros,
            Neglected = dense ? 0 : visible.Max(j => hessian.Pulls(j)[0]),
        };
    }

    /// <summary>How many eigenvalues lie below −<paramref name="resolution"/>, rounding counted as 0.</summary>
    public int Index(double resolution) => Eigenvalues.Count(value => value < -Floor(resolution));

    /// <summary>How many eigenvalues lie within <paramref name="resolution"/> of 0, those that are exactly 0 among them.</summary>
    public int Flat(double resolution) => Dimension - Eigenvalues.Count(value => Math.Abs(value) > Floor(resolution));

    private double Floor(double resolution) => Math.Max(resolution, Eigenvalues.Count == 0 ? 0 : Rounding * Math.Max(-Eigenvalues[0], Eigenvalues[^1]));

    private static bool IsLive(SmoothPiece piece, int j) => piece.Pattern.Row(j).Contains(true);
}
