namespace ReluFlow.Capacity;

/// <summary>How many neurons a network needs for its function on the training inputs, up to a tolerance.</summary>
/// <param name="Tolerance">The largest root-mean-square change of the outputs on the training inputs, as a share of the root mean square of the original outputs.</param>
/// <param name="Guaranteed">The least width of the path at which the bound, rounding included, is within the tolerance.</param>
/// <param name="Measured">The least width of the path at which the measured change is.</param>
/// <remarks>Both are the start's width where the tolerance is met nowhere. Effective width is a working definition of ours; [Race] has the principle.</remarks>
public sealed record EffectiveWidth(double Tolerance, int Guaranteed, int Measured)
{
    /// <summary>Effective width against tolerance along a path. Cost of <see cref="ReductionPath.MeasureChanges"/>: O(n m d).</summary>
    /// <param name="path">The path.</param>
    /// <param name="tolerances">Shares ≥ 0, in any order.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A tolerance that is negative or not a number.</exception>
    public static IReadOnlyList<EffectiveWidth> Along(ReductionPath path, IReadOnlyList<double> tolerances, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(tolerances);
        foreach (double tolerance in tolerances)
        {
            if (!(tolerance >= 0))
            {
                throw new ArgumentOutOfRangeException(nameof(tolerances), tolerance, $"A tolerance is {tolerance}; a number ≥ 0 is expected.");
            }
        }

        Reduction start = path.Start;
        var outputs = new double[start.Inputs.Rows * start.Original.OutputDimension];
        start.Original.Evaluate(start.Inputs, outputs);
        double rms = OutputChange.Of(outputs, start.Inputs).Rms;
        var changes = path.MeasureChanges(cancellation);
        int widest = start.Network.Width;
        return
        [
            .. tolerances.Select(share => new OutputTolerance(share, rms)).Select(tolerance => new EffectiveWidth(
                tolerance.Share,
                path.LeastWidth(point => tolerance.Admits(point.Bound, start.RmsInputNorm)),
                path.LeastWidth(point => tolerance.Admits(changes[widest - point.Width])))),
        ];
    }
}
