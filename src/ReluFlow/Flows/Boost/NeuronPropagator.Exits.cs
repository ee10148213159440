using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <content>Where in a Taylor segment a slide ends: where a multiplier leaves its range.</content>
internal sealed partial class NeuronPropagator
{
    /// <summary>When θ_k of the i-th sliding boundary leaves [0, 1]: c_k·a leaves the range between a·b_k and 0.</summary>
    private (double U, bool Open) FirstExit(int index, double length, double limit)
    {
        int ray = _slides.Rays[index];
        double scale = 0;
        for (int i = 0; i < _m; i++)
        {
            scale = Math.Max(scale, Math.Abs(_signal.Coefficients[(ray * _m) + i]));
        }

        if (_c == 1 && MarginsHold(index, ray, _sigma + (limit * length)))
        {
            return (2, false);
        }

        double rounding = 1e-13 * scale * Math.Max(1e-3, TensorPrimitives.Norm<double>(_a));
        double left = 0;
        for (int i = 0; i <= BoundaryPolynomial.Subintervals; i++)
        {
            double right = limit * i / BoundaryPolynomial.Subintervals;
            (double closed, double open) = Margins(index, ray, right, length);
            bool leavesClosed = closed < -rounding, leavesOpen = open < -rounding;
            if (i == 0 && (leavesClosed || leavesOpen))
            {
                return (0, open < closed);
            }

            if (leavesClosed || leavesOpen)
            {
                // Both may be behind it here; the one that was met first decides.
                double atClosed = leavesClosed ? BisectMargin(index, ray, (left, right), length, open: false) : 2;
                double atOpen = leavesOpen ? BisectMargin(index, ray, (left, right), length, open: true) : 2;
                return (Math.Min(atClosed, atOpen), atOpen < atClosed);
            }

            left = right;
        }

        return (2, false);
    }

    /// <summary>
    /// −c_k·a and (c_k − b_k)·a: both ≥ 0 while the neuron slides. With an opposite ray x' = −γ x, whose gate is open on the closed side, the closed end
    /// is −γ b' instead of 0.
    /// </summary>
    private (double Closed, double Open) Margins(int index, int ray, double u, double length)
    {
        int s = _signal.Monomials, opposite = _span.Opposite[ray];
        double sigma = _sigma + (u * length), closed = 0, open = 0, ratio = opposite < 0 ? 0 : _span.Norms[opposite] / _span.Norms[ray];
        for (int o = 0; o < _c; o++)
        {
            double multiplier = 0;
            for (int i = s - 1; i >= 0; i--)
            {
                multiplier = (multiplier * sigma) + _multipliers[(index * _m) + (i * _c) + o];
            }

            double a = _c == 1 ? Math.Sign(_a[0]) : SeriesA(u, o);
            closed -= (multiplier + (opposite < 0 ? 0 : ratio * _signal.At(opposite, o, sigma))) * a;
            open += (multiplier - _signal.At(ray, o, sigma)) * a;
        }

        return (closed, open);
    }

    /// <summary>Whether both margins (one output) stay positive up to a σ because their values here outweigh all that their higher terms can take away.</summary>
    private bool MarginsHold(int index, int ray, double end)
    {
        (double closed, double open) = Margins(index, ray, 0, 0);
        int opposite = _span.Opposite[ray];
        double from = 1, to = 1, ratio = opposite < 0 ? 0 : _span.Norms[opposite] / _span.Norms[ray];
        for (int i = 1; i < _m; i++)
        {
            from *= _sigma;
            to *= end;
            double multiplier = _multipliers[(index * _m) + i];
            closed -= Math.Abs(multiplier + (opposite < 0 ? 0 : ratio * _signal.Coefficients[(opposite * _m) + i])) * (to - from);
            open -= Math.Abs(multiplier - _signal.Coefficients[(ray * _m) + i]) * (to - from);
        }

        return closed > 0 && open > 0;
    }

    private double BisectMargin(int index, int ray, (double Left, double Right) bracket, double length, bool open)
    {
        (double left, double right) = bracket;
        for (int i = 0; i < 80; i++)
        {
            double middle = (left + right) / 2;
            if (middle <= left || middle >= right)
            {
                break;
            }

            (double closedMargin, double openMargin) = Margins(index, ray, middle, length);
            (left, right) = (open ? openMargin : closedMargin) < 0 ? (left, middle) : (middle, right);
        }

        return right;
    }
}
