namespace ReluFlow.Flows.Boost;

/// <summary>The neurons of one gate pattern and output sign: consecutive rows of the table, and what the network's output needs of them.</summary>
/// <param name="Pattern">The number of the pattern.</param>
/// <param name="Sign">The sign of a.</param>
/// <param name="First">The first row.</param>
/// <param name="Count">How many rows.</param>
/// <param name="LogScale">ρ of the largest: the unit of weights and moment.</param>
/// <param name="Moment">S = Σ e^{2ρ} v vᵀ in units of e^{2 LogScale}.</param>
internal readonly record struct Cell(int Pattern, int Sign, int First, int Count, double LogScale, CellMoment Moment);

/// <summary>S = Σ v vᵀ with v = (w₀, w₁, a): through it alone a cell enters the network's outputs, its kernel and its energy.</summary>
internal readonly record struct CellMoment(double W00, double W01, double W11, double W0A, double W1A, double AA)
{
    /// <summary>S + S'.</summary>
    public static CellMoment operator +(CellMoment x, CellMoment y) => new(x.W00 + y.W00, x.W01 + y.W01, x.W11 + y.W11, x.W0A + y.W0A, x.W1A + y.W1A, x.AA + y.AA);

    /// <summary>factor · S.</summary>
    public static CellMoment operator *(double factor, CellMoment s) => new(factor * s.W00, factor * s.W01, factor * s.W11, factor * s.W0A, factor * s.W1A, factor * s.AA);

    /// <summary>S + weight · v vᵀ.</summary>
    public CellMoment Plus(double weight, double w0, double w1, double a) =>
        new(W00 + (weight * w0 * w0), W01 + (weight * w0 * w1), W11 + (weight * w1 * w1), W0A + (weight * w0 * a), W1A + (weight * w1 * a), AA + (weight * a * a));

    /// <summary>M S Mᵀ for the 3 × 3 matrix M, row-major.</summary>
    public CellMoment Moved(ReadOnlySpan<double> m)
    {
        (double x0, double x1, double xa) = Times(m[0], m[1], m[2]);
        (double y0, double y1, double ya) = Times(m[3], m[4], m[5]);
        (double z0, double z1, double za) = Times(m[6], m[7], m[8]);
        return new CellMoment(
            (m[0] * x0) + (m[1] * x1) + (m[2] * xa),
            (m[3] * x0) + (m[4] * x1) + (m[5] * xa),
            (m[3] * y0) + (m[4] * y1) + (m[5] * ya),
            (m[6] * x0) + (m[7] * x1) + (m[8] * xa),
            (m[6] * y0) + (m[7] * y1) + (m[8] * ya),
            (m[6] * z0) + (m[7] * z1) + (m[8] * za));
    }

    /// <summary>Dᵀ S_ww D + S_aa ‖D‖² = Σ ‖w'‖² + a'².</summary>
    public double SpeedUnder(double d0, double d1) => (W00 * d0 * d0) + (2 * W01 * d0 * d1) + (W11 * d1 * d1) + (AA * ((d0 * d0) + (d1 * d1)));

    private (double, double, double) Times(double v0, double v1, double va) =>
        ((W00 * v0) + (W01 * v1) + (W0A * va), (W01 * v0) + (W11 * v1) + (W1A * va), (W0A * v0) + (W1A * v1) + (AA * va));
}
