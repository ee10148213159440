using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <content>What happens at a boundary ⟨w, x_k⟩ = 0: crossing, beginning to slide, ending to slide.</content>
/// <remarks>Source: theory of sliding modes, [Filippov]; the closed conditions for a ReLU neuron are ours.</remarks>
internal sealed partial class NeuronPropagator
{
    /// <summary>
    /// Whether a gate change kinks n b by more than the request allows.
    /// </summary>
    private bool IsSignificant(int ray, double sigma, double logA)
    {
        if (double.IsPositiveInfinity(_request.SignificantKink) || sigma <= 0)
        {
            return false;
        }

        double velocity = 0, signal = 0;
        for (int o = 0; o < _c; o++)
        {
            double q = 0;
            for (int i = _signal.Monomials - 1; i >= 0; i--)
            {
                q = (q * sigma) + _q[(((i * _c) + o) * _span.RayStride) + ray];
            }

            velocity += q * q;
            signal += _signal.At(ray, o, sigma) * _signal.At(ray, o, sigma);
        }

        return Kink.IsSignificant(_request, _raySignal, _span, (ray, sigma), Math.Exp(2 * logA), (Math.Sqrt(velocity), Math.Sqrt(signal)));
    }

    private bool IsSignificantInSegment(int crossing, int exiting, double u, double sigma)
    {
        double a2 = 0;
        for (int o = 0; o < _c; o++)
        {
            double a = SeriesA(u, o);
            a2 += a * a;
        }

        return a2 > 0 && IsSignificant(crossing >= 0 ? crossing : exiting, sigma, _rho + (0.5 * Math.Log(a2)));
    }

    /// <summary>The neuron stands on the boundary of a ray: it crosses or slides.</summary>
    /// <remarks>
    /// With V the velocity of z = ⟨w, x⟩ without the rays of this boundary, v₊ = V + a·b‖x‖² where the gate is open, v₋ = V, or V + a·b'⟨x, x'⟩ with an opposite ray x'.
    /// The neuron slides where v₊ &lt; 0 &lt; v₋. On the other side of a boundary the ray's own pull is gone; what is left of it by rounding is no velocity:
    /// for orthogonal inputs it is exactly 0 and the gate stays closed.
    /// </remarks>
    private void MeetBoundary(int ray)
    {
        if (_balance > 0 && _slides.Count > 0 && _slides.FreeDimensions == 1 && MomentKernel.Norm(_w) <= ApexRounding * TensorPrimitives.Norm<double>(_a))
        {
            RestAtApex();
            return;
        }

        int opposite = _span.Opposite[ray];
        byte before = _gates[ray];
        double pull = PullAt(ray) * _span.Norms[ray] * _span.Norms[ray];
        double counterPull = opposite < 0 ? 0 : PullAt(opposite) * _span.GramRow(ray)[opposite];
        double velocity = VelocityAt(ray);
        bool counterOpen = opposite >= 0 && _gates[opposite] == Gate.Active;
        double bare = velocity - (before == Gate.Active ? pull : 0) - (counterOpen ? counterPull : 0);
        double rounding = VelocityRounding * (Math.Abs(velocity) + Math.Abs(pull) + Math.Abs(counterPull));
        KeepVelocities();
        Rest(ray);
        bool slides = before == Gate.Active ? bare + counterPull > rounding : bare + pull < -rounding;
        if (!counterOpen && before != Gate.Active && slides && bare + counterPull <= 0)
        {
            // Only at a start on the boundary: the open side sends it back and the other side takes it.
            slides = false;
            (ray, opposite) = opposite < 0 ? (ray, -1) : (opposite, ray);
        }

        if (_slides.Count > 0)
        {
            FindTouching(ray);
            if (_touchingCount > 0 || !ChangeAlone(ray, (velocity, pull)))
            {
                ResolveTogether(ray, before == Gate.Active ? Gate.Inactive : Gate.Active);
            }
        }
        else
        {
            SetGates(ray, slides ? Gate.Sliding : before == Gate.Active ? Gate.Inactive : Gate.Active);
            UpdateMoments(ray, before);
        }

        NoteTurns();
        Settle();
    }

    /// <summary>
    /// A neuron with |a| &gt; ‖w‖ that slides along a line may reach w = 0, where all boundaries meet and the flow branches. By convention σ'(0) = 0: all
    /// gates are closed and the neuron rests there.
    /// </summary>
    private void RestAtApex()
    {
        Branches++;
        for (int k = 0; k < _span.Rays; k++)
        {
            ChangeGate(k, Gate.Inactive);
        }

        Array.Clear(_w);
        Array.Clear(_z);
        BuildMoments();
        Settle();
    }

    /// <summary>Puts z exactly on the boundary of a ray and of its opposite.</summary>
    private void Rest(int ray)
    {
        _z[ray] = 0;
        if (_span.Opposite[ray] >= 0)
        {
            _z[_span.Opposite[ray]] = 0;
        }
    }

    /// <summary>Sets the gate of a ray and what follows for its opposite: open where this one is closed, held where this one slides.</summary>
    private void SetGates(int ray, byte gate)
    {
        ChangeGate(ray, gate);
        int opposite = _span.Opposite[ray];
        if (opposite >= 0)
        {
            ChangeGate(opposite, gate switch { Gate.Active => Gate.Inactive, Gate.Sliding => Gate.Held, _ => Gate.Active });
        }
    }

    /// <summary>h b_k·a: how strongly the ray, where its gate is open, pulls the neuron along x_k.</summary>
    private double PullAt(int ray)
    {
        double pull = 0;
        for (int o = 0; o < _c; o++)
        {
            pull += _signal.At(ray, o, _sigma) * _a[o];
        }

        return pull;
    }

    private void LeaveBoundary(int ray, bool open)
    {
        KeepVelocities();
        Rest(ray);
        FindTouching(ray);
        byte after = open ? Gate.Active : Gate.Inactive;
        if (_touchingCount > 0)
        {
            // Another of the boundaries on which the neuron stands may take its place.
            ResolveTogether(ray, after);
        }
        else
        {
            SetGates(ray, after);
            UpdateMoments(ray, Gate.Sliding);
        }

        NoteTurns();
    }

    /// <summary>Where the output weight changes sign every boundary that attracted now repels; by convention σ'(0) = 0 the gates stay closed.</summary>
    private void ReleaseSlides()
    {
        if (_slides.Count == 0)
        {
            return;
        }

        Branches++;
        for (int k = 0; k < _span.Rays; k++)
        {
            if (_gates[k] is Gate.Sliding or Gate.Held)
            {
                ChangeGate(k, Gate.Inactive);
                _z[k] = 0;
            }
        }

        BuildMoments();
    }

    private void ChangeGate(int ray, byte after)
    {
        byte before = _gates[ray];
        _gates[ray] = after;
        _sides[ray] = SideOf(after);
        if (!_request.Record || before == after || after == Gate.Held || (before == Gate.Held && after == Gate.Inactive))
        {
            return;
        }

        GateEventKind kind = (before, after) switch
        {
            (_, Gate.Sliding) => GateEventKind.SlideEnter,
            (Gate.Sliding, _) => GateEventKind.SlideExit,
            (_, Gate.Active) => GateEventKind.Activated,
            _ => GateEventKind.Deactivated,
        };
        Events.Add(new StepEvent(_sigma, _neuron, ray, kind));
    }
}
