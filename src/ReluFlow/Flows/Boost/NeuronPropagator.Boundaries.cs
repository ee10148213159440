namespace ReluFlow.Flows.Boost;

/// <content>What happens at a boundary ⟨w, x_k⟩ = 0: crossing, beginning to slide, ending to slide.</content>
/// <remarks>Source: theory of sliding modes, [Filippov]; the closed conditions for a ReLU neuron are ours.</remarks>
internal sealed partial class NeuronPropagator
{
    /// <summary>
    /// Whether a gate change kinks n b by more than the request allows. A kink in mid-step spoils the collocation; one at either end does not, hence the weight.
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

        double norm = _span.Norms[ray];
        double jump = Math.Exp(2 * logA) * Math.Max(Math.Sqrt(signal) * norm * norm, Math.Sqrt(velocity));
        double reach = Math.Max(1 / _signalScale, _signal.Step * norm / _samples);
        double weight = Math.Min(1, 20 * sigma * (1 - sigma));
        return 0.05 * jump * reach * weight > _request.SignificantKink;
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
    /// <returns>Always true; the caller's limit of work bounds how often this may happen.</returns>
    private bool MeetBoundary(int ray)
    {
        byte before = _gates[ray];
        _z[ray] = 0;
        double pull = PullAt(ray), velocity = VelocityAt(ray);
        KeepVelocities();

        // On the other side of the boundary the ray's own pull is gone (or there). What is left of it by rounding is no velocity:
        // for orthogonal inputs it is exactly 0 and the gate stays closed.
        double jump = pull * _span.Norms[ray] * _span.Norms[ray];
        double beyond = velocity + (before == Gate.Active ? -jump : jump);
        double rounding = VelocityRounding * (Math.Abs(velocity) + Math.Abs(jump));
        bool turnsBack = before == Gate.Active ? beyond > rounding : beyond < -rounding;
        byte after = before == Gate.Active ? Gate.Inactive : Gate.Active;
        if (_slides.Count == 0)
        {
            ChangeGate(ray, turnsBack ? Gate.Sliding : after);
            UpdateMoments(ray, before);
        }
        else
        {
            ResolveTogether(ray, before, pull);
        }

        NoteTurns();
        Settle();
        return true;
    }

    /// <summary>Several boundaries at once: the minimum-norm subgradient over all of them decides.</summary>
    private void ResolveTogether(int ray, byte before, double pull)
    {
        Span<double> field = stackalloc double[_span.RankStride];
        field.Clear();
        byte crossed = before == Gate.Active ? Gate.Inactive : Gate.Active;
        bool joins = pull < 0;
        for (int k = 0; k < _span.Rays; k++)
        {
            byte gate = k == ray ? crossed : _gates[k];
            if (gate == Gate.Active && !(k == ray && joins))
            {
                MomentKernel.AddMultiple(_span.Ray(k), PullAt(k), field);
            }
        }

        _boundaryField.Begin(field);
        foreach (int k in _slides.Rays)
        {
            _boundaryField.Add(k, PullAt(k), Gate.Sliding);
        }

        if (joins)
        {
            _boundaryField.Add(ray, pull, before);
        }

        Span<byte> gates = stackalloc byte[_span.RayStride];
        _gates.CopyTo(gates);
        gates[ray] = crossed;
        _boundaryField.Solve(gates);
        int changes = 0;
        for (int k = 0; k < _span.Rays; k++)
        {
            if (gates[k] != _gates[k])
            {
                ChangeGate(k, gates[k]);
                changes++;
            }
        }

        if (changes == 1 && gates[ray] != before)
        {
            UpdateMoments(ray, before);
        }
        else
        {
            BuildMoments();
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
        ChangeGate(ray, open ? Gate.Active : Gate.Inactive);
        _z[ray] = 0;
        UpdateMoments(ray, Gate.Sliding);
        NoteTurns();
    }

    /// <summary>Where the output weight changes sign every boundary that attracted now repels; by convention σ'(0) = 0 the gates stay closed.</summary>
    private void ReleaseSlides()
    {
        if (_slides.Count == 0)
        {
            return;
        }

        for (int k = 0; k < _span.Rays; k++)
        {
            if (_gates[k] == Gate.Sliding)
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
        if (!_request.Record)
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
