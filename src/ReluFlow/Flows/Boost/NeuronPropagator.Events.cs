using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <content>Where in a Taylor segment the first gate changes or slide ends.</content>
internal sealed partial class NeuronPropagator
{
    private (double U, int Crossing, int Exiting, bool ExitOpen, bool SignFlips) FirstEvent(double length)
    {
        double u = 1;
        int crossing = -1, exiting = -1;
        bool exitOpen = false, signFlips = false;
        if (_frozen)
        {
            return (1, -1, -1, false, false);
        }

        if (_c == 1 && _balance < 0 && FirstSignFlip() is double flip and < 1)
        {
            (u, signFlips) = (flip, true);
        }

        int candidates = FindCandidates();
        double size = TensorPrimitives.Norm<double>(_w);
        for (int i = 0; i < candidates; i++)
        {
            int ray = _candidates[i];
            double side = _gates[ray] == Gate.Active ? 1 : -1;
            ExpandPreactivation(ray);
            if (BoundaryPolynomial.StaysAbove(_zSeries.AsSpan(0, _order + _signal.Monomials + 1), side, _request.Record ? Clearance.Value * size * _span.Norms[ray] : 0))
            {
                continue;
            }

            double at = BoundaryPolynomial.FirstBelow(_zSeries.AsSpan(0, _order + _signal.Monomials + 1), side, (0, u), BoundaryRounding * size * _span.Norms[ray], out double turning, out double turningAt);
            if (at < u || (at <= u && crossing < 0 && at < 1))
            {
                (u, crossing, signFlips) = (at, ray, false);
            }
            else if (_request.Record && double.IsFinite(turning))
            {
                _turns.Add((turning, turningAt, ray));
            }
        }

        for (int i = 0; i < _slides.Count; i++)
        {
            (double at, bool open) = FirstExit(i, length, u);
            if (at < u)
            {
                (u, crossing, exiting, exitOpen, signFlips) = (at, -1, _slides.Rays[i], open, false);
            }
        }

        KeepTurns(u, length);
        return (u, crossing, exiting, exitOpen, signFlips);
    }

    /// <summary>Power series of z_k in the segment: z' = (Σ_m q_m u^m)·a.</summary>
    private void ExpandPreactivation(int ray)
    {
        int s = _signal.Monomials, c = _c;
        for (int m = 0; m < s; m++)
        {
            for (int o = 0; o < c; o++)
            {
                double value = 0;
                for (int i = m; i < s; i++)
                {
                    value += _shift[(m * s) + i] * _q[(((i * c) + o) * _span.RayStride) + ray];
                }

                _localQ[(m * c) + o] = value;
            }
        }

        _zSeries[0] = _z[ray];
        int degree = _order + s;
        for (int k = 1; k <= degree; k++)
        {
            double sum = 0;
            for (int m = Math.Max(0, k - 1 - _order); m < s && m < k; m++)
            {
                for (int o = 0; o < c; o++)
                {
                    sum += _localQ[(m * c) + o] * _series[((k - 1 - m) * c) + o];
                }
            }

            _zSeries[k] = sum * _reciprocals[k];
        }
    }

    private double FirstSignFlip()
    {
        double sign = Math.Sign(_a[0]) is var s && s != 0 ? s : Math.Sign(_series[_c]);
        if (sign == 0)
        {
            return 2;
        }

        // A start on a = 0 moves away from it; only a later return counts.
        ReadOnlySpan<double> polynomial = _series.AsSpan(0, _order + 1);
        return BoundaryPolynomial.FirstBelow(polynomial, sign, (0, 1), 0, out _, out _) is var at && at > 1e-14 ? at : 2;
    }
}
