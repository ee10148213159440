using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <content>One output and a constant signal: the closed form of the Lorentz boost, over any length of time.</content>
/// <remarks>
/// With g = ‖D‖, p = ⟨w, D/g⟩, l± = p ± a and E = g σ: (p + a) grows by e^E and (p − a) shrinks by e^{−E}; everything is kept divided by e^E.
/// l₊ l₋ = p² − a² is conserved and equals −(‖w_⊥‖² + C) with C = a² − ‖w‖²; the smaller of l± is taken from it, since a difference would lose it.
/// </remarks>
internal sealed partial class NeuronPropagator
{
    private bool AdvanceConstant()
    {
        double remaining = _request.End - _sigma, g = Math.Sqrt(_gram[0]);
        if (g * remaining == 0)
        {
            GatherConstant(default, remaining, 0);
            _sigma = _request.End;
            return true;
        }

        var boost = Boost.Of(_w, _a[0], Moment(0), g, _balance, _slides.FreeDimensions == 1);
        double rapidity = g * remaining, flip = boost.SignFlip;
        bool signFlips = flip < rapidity;
        rapidity = Math.Min(rapidity, flip);
        int crossing = -1;
        if (!_frozen)
        {
            (crossing, double at) = FirstConstantCrossing(boost, rapidity);
            if (crossing >= 0)
            {
                rapidity = at;
                signFlips = false;
            }
        }

        double advance = crossing >= 0 || signFlips ? rapidity / g : remaining;
        double kinkAt = _sigma + advance;
        if (crossing >= 0 && IsSignificant(crossing, kinkAt, _rho + boost.LogGrowth(rapidity)))
        {
            EarliestSignificant = Math.Min(EarliestSignificant, kinkAt);
            _frozen = true;
            return true;
        }

        GatherConstant(boost, advance, g);
        if (_request.Record)
        {
            Energy += boost.Energy(rapidity, _rho) * g / _signal.Step;
        }

        if (crossing < 0 && !signFlips && !_request.Moves)
        {
            _sigma = _request.End;
            return true;
        }

        double before = _a[0];
        Apply(boost, rapidity);
        _sigma = crossing < 0 && !signFlips ? _request.End : Math.Min(kinkAt, _request.End);
        Settle();
        if (crossing >= 0)
        {
            MeetBoundary(crossing);
            return true;
        }

        if (signFlips)
        {
            NoteFlip(before);
            _a[0] = 0;
            ReleaseSlides();
        }

        return true;
    }

    /// <summary>w, a, z at rapidity E; leaves the scale to <see cref="Settle"/>.</summary>
    private void Apply(in Boost boost, double rapidity)
    {
        if (boost.Plus == 0 && boost.IsLightLike)
        {
            // A neuron that points exactly away from its target shrinks without turning: the direction keeps its bits.
            _rho -= rapidity;
            return;
        }

        double e1 = Math.Exp(-rapidity), along = boost.ScaledAdvance(rapidity);
        MomentKernel.Mix(_w, e1, Moment(0), along / boost.G, _w);
        MomentKernel.Mix(_z, e1, Q(0), along / boost.G, _z);
        _a[0] = boost.ScaledA(rapidity);
        _rho += rapidity;
        _balance *= e1 * e1;
    }

    private (int Ray, double Rapidity) FirstConstantCrossing(in Boost boost, double rapidity)
    {
        if (boost.Plus == 0 && boost.IsLightLike)
        {
            return (-1, 0);
        }

        double e1 = Math.Exp(-rapidity), along = boost.ScaledAdvance(rapidity) / boost.G;
        double rounding = BoundaryRounding * Math.Max(TensorPrimitives.Norm<double>(_w) * e1, Math.Abs(boost.ScaledA(rapidity)));
        ReadOnlySpan<double> q = Q(0);
        int first = -1;
        double least = double.PositiveInfinity;
        for (int k = 0; k < _span.Rays; k++)
        {
            if (_gates[k] == Gate.Sliding || q[k] == 0)
            {
                continue;
            }

            double side = _gates[k] == Gate.Active ? 1 : -1;
            if (side * ((_z[k] * e1) + (along * q[k])) < -rounding * _span.Norms[k] && side * along * q[k] < 0)
            {
                // κ is monotone, so the least κ = −z/q is the first crossing.
                double kappa = Math.Max(0, -_z[k] / q[k] * Math.Sign(along));
                if (kappa < least)
                {
                    (first, least) = (k, kappa);
                }
            }
        }

        return first < 0 ? (-1, 0) : (first, Math.Min(rapidity, boost.RapidityAt(least * Math.Sign(along))));
    }

    private void GatherConstant(in Boost boost, double advance, double g)
    {
        Span<double> a = stackalloc double[1];
        while (_nextNode < _request.Nodes.Length && (_request.Nodes[_nextNode] <= _sigma + advance || _sigma + advance >= 1))
        {
            double rapidity = Math.Min(g * Math.Max(_request.Nodes[_nextNode] - _sigma, 0), g * advance);
            double rho = _rho;
            a[0] = _a[0];
            if (g == 0)
            {
                _z.CopyTo(_zAtNode);
            }
            else if (boost.Plus == 0 && boost.IsLightLike)
            {
                _z.CopyTo(_zAtNode);
                rho -= rapidity;
            }
            else
            {
                MomentKernel.Mix(_z, Math.Exp(-rapidity), Q(0), boost.ScaledAdvance(rapidity) / g, _zAtNode);
                a[0] = boost.ScaledA(rapidity);
                rho += rapidity;
            }

            GatherOutputs(_nextNode, a, _zAtNode, Math.Exp(2 * Math.Min(rho, 300)));
            _nextNode++;
        }
    }

    /// <summary>The boost of one neuron under a constant D.</summary>
    private readonly record struct Boost(double G, double P, double A, double Plus, double Minus, bool IsLightLike)
    {
        public static Boost Of(ReadOnlySpan<double> w, double a, ReadOnlySpan<double> d, double g, double balance, bool onLine)
        {
            double p = TensorPrimitives.Dot(w, d) / g, perpendicular = 0;
            if (!onLine)
            {
                for (int i = 0; i < w.Length; i++)
                {
                    double rest = w[i] - (p * d[i] / g);
                    perpendicular += rest * rest;
                }
            }

            double product = -(perpendicular + balance);
            double plus, minus;
            if (p * a >= 0)
            {
                plus = p + a;
                minus = plus == 0 ? 0 : product / plus;
            }
            else
            {
                minus = p - a;
                plus = product / minus;
            }

            return new Boost(g, p, a, plus, minus, onLine && balance == 0);
        }

        /// <summary>E at which a = (l₊ e^E − l₋ e^{−E})/2 vanishes; ∞ where it does not.</summary>
        public double SignFlip
        {
            get
            {
                double ratio = Minus / Plus;
                return ratio > 1 && A != 0 ? 0.5 * Math.Log(ratio) : double.PositiveInfinity;
            }
        }

        /// <summary>e^{−E} (p(E) − p(0)).</summary>
        public double ScaledAdvance(double rapidity) => Expm1(-rapidity) * ((Minus * Math.Exp(-rapidity)) - Plus) / 2;

        /// <summary>e^{−E} a(E).</summary>
        public double ScaledA(double rapidity) => (Plus - (Minus * Math.Exp(-2 * rapidity))) / 2;

        /// <summary>ln |a(E)|.</summary>
        public double LogGrowth(double rapidity) => rapidity + Math.Log(Math.Abs(ScaledA(rapidity)));

        /// <summary>E at which κ = ∫ a has the given value (times g: p has moved by g κ).</summary>
        public double RapidityAt(double kappa)
        {
            double p = P + (G * kappa), a = Math.Sqrt(Math.Max(0, (p * p) - (Plus * Minus)));
            a = Math.CopySign(a, A != 0 ? A : kappa);
            double growth = p * a > 0 ? (p + a) / Plus : Minus / (p - a);
            return Math.Max(0, Math.Log(growth));
        }

        /// <summary>∫_0^E (a² + p²) dE' in true units. Sizes are multiplied before they are raised: e^ρ alone may be 0 and e^E alone ∞.</summary>
        public double Energy(double rapidity, double rho)
        {
            if (rapidity < 1)
            {
                return Math.Exp(2 * rho) * ((Plus * Plus * Expm1(2 * rapidity)) - (Minus * Minus * Expm1(-2 * rapidity))) / 4;
            }

            double now = Math.Exp(2 * rho);
            return ((Plus * Plus * (Math.Exp(2 * (rho + rapidity)) - now)) - (Minus * Minus * (Math.Exp(2 * (rho - rapidity)) - now))) / 4;
        }

        private static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x * (1 + (x / 2 * (1 + (x / 3)))) : Math.Abs(x) < 1 ? 2 * Math.Sinh(x / 2) * Math.Exp(x / 2) : Math.Exp(x) - 1;
    }
}
