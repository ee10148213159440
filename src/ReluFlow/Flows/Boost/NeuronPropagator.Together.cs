namespace ReluFlow.Flows.Boost;

/// <content>Several boundaries at once: what the minimum-norm subgradient makes of them.</content>
internal sealed partial class NeuronPropagator
{
    /// <summary>The part of an input off others, relative to it, below which it depends on them.</summary>
    private const double DependentRounding = 1e-10;

    /// <summary>
    /// Takes the change of this gate alone where all other boundaries stay slid along: with x_k = Σ_K α_l x_l + v, D_eff becomes D_eff + γ v and c_l becomes c_l − γ α_l.
    /// These meet the conditions of the minimum-norm subgradient, which is unique, or the change is not taken. Cost O(|K| r + n r).
    /// </summary>
    /// <param name="ray">k.</param>
    /// <param name="at">The velocity of z_k before the boundary and a·b_k‖x_k‖².</param>
    private bool ChangeAlone(int ray, (double Velocity, double Pull) at)
    {
        if (_slides.FreeDimensions <= 1 || _hasOpposites)
        {
            return false;
        }

        byte before = _gates[ray];
        double norm = _span.Norms[ray], pull = at.Pull / (norm * norm);
        _slides.Decompose(_span.Ray(ray), _alpha, _direction);
        double square = MomentKernel.Dot(_direction, _direction);
        double change = before == Gate.Active ? -pull : pull;
        double beyond = at.Velocity + (change * square), rounding = VelocityRounding * (Math.Abs(at.Velocity) + Math.Abs(at.Pull));
        byte after = before == Gate.Active ? Gate.Inactive : Gate.Active;
        if (!(Math.Abs(beyond) > rounding) || square <= 1e-12 * norm * norm)
        {
            return false;
        }

        if (beyond > 0 != at.Velocity > 0)
        {
            after = Gate.Sliding;
            change = -at.Velocity / square;
            double share = (before == Gate.Active ? 1 : 0) + (change / pull);
            if (!(share > Inside && share < 1 - Inside))
            {
                return false;
            }
        }

        for (int l = 0; l < _slides.Count; l++)
        {
            double share = (MultiplierPull(l) - (change * _alpha[l])) / PullAt(_slides.Rays[l]);
            if (!(share > Inside && share < 1 - Inside))
            {
                return false;
            }
        }

        SetGates(ray, after);
        UpdateMoments(ray, before, isDecomposed: true);
        return true;
    }

    /// <summary>c_l·a of the l-th boundary slid along.</summary>
    private double MultiplierPull(int index)
    {
        double pull = 0;
        for (int o = 0; o < _c; o++)
        {
            double multiplier = 0;
            for (int i = _signal.Monomials - 1; i >= 0; i--)
            {
                multiplier = (multiplier * _sigma) + _multipliers[(index * _m) + (i * _c) + o];
            }

            pull += multiplier * _a[o];
        }

        return pull;
    }

    /// <summary>
    /// Lists the boundaries, besides that of a ray and those slid along, on which the neuron stands too: where inputs are dependent (three in one plane), w is
    /// orthogonal to all as soon as it is to some.
    /// </summary>
    private void FindTouching(int ray)
    {
        _touchingCount = 0;
        double size = MomentKernel.Norm(_w);
        for (int k = 0; k < _span.Rays && !_hasOpposites; k++)
        {
            if (k == ray || _gates[k] is not (Gate.Active or Gate.Inactive) || Math.Abs(_z[k]) > ApexRounding * size * _span.Norms[k])
            {
                continue;
            }

            if (PullAt(k) < 0)
            {
                _touching[_touchingCount++] = k;
                _z[k] = 0;
            }
            else if (IsDependentOn(ray, k))
            {
                // It repels, so that either gate would do.
                Branches++;
            }
        }
    }

    /// <summary>Several boundaries at once: the minimum-norm subgradient over all of them decides.</summary>
    /// <param name="ray">The boundary that is met or left.</param>
    /// <param name="crossed">Its gate if it does not slide.</param>
    private void ResolveTogether(int ray, byte crossed)
    {
        byte before = _gates[ray];
        bool joins = before == Gate.Sliding || PairPullAt(ray) < 0;
        Span<double> field = stackalloc double[_span.RankStride];
        field.Clear();
        for (int k = 0; k < _span.Rays; k++)
        {
            if (IsOpenAside(k, ray, crossed, joins))
            {
                MomentKernel.AddMultiple(_span.Ray(k), PullAt(k), field);
            }
        }

        _boundaryField.Begin(field);
        foreach (int k in _slides.Rays)
        {
            if (k != ray)
            {
                _boundaryField.Add(k, PairPullAt(k), Gate.Sliding);
            }
        }

        if (joins)
        {
            _boundaryField.Add(ray, PairPullAt(ray), before == Gate.Sliding ? crossed : before);
        }

        ReadOnlySpan<int> touching = _touching.AsSpan(0, _touchingCount);
        foreach (int k in touching)
        {
            _boundaryField.Add(k, PullAt(k), _gates[k]);
        }

        Span<byte> gates = stackalloc byte[_span.RayStride];
        _gates.CopyTo(gates);
        gates[ray] = crossed;
        _boundaryField.Solve(gates);
        int changes = 0;
        for (int k = 0; k < _span.Rays; k++)
        {
            if (gates[k] != _gates[k] && (k == ray || _slides.Rays.Contains(k) || touching.Contains(k)))
            {
                SetGates(k, gates[k]);
                changes++;
            }
        }

        if (changes == 1 && _gates[ray] != before && before != Gate.Sliding)
        {
            UpdateMoments(ray, before);
        }
        else
        {
            BuildMoments();
        }
    }

    /// <summary>
    /// Whether a ray pulls in u₀ of the box problem: open and no unknown of it. The closed end of an unknown is the side on which its opposite is open.
    /// </summary>
    private bool IsOpenAside(int k, int ray, byte crossed, bool joins)
    {
        int opposite = _span.Opposite[k];
        if (k == ray)
        {
            return !joins && crossed == Gate.Active;
        }

        if (opposite == ray)
        {
            return joins || crossed == Gate.Inactive;
        }

        return _gates[k] is Gate.Active or Gate.Held && !_touching.AsSpan(0, _touchingCount).Contains(k);
    }

    /// <summary>a·(b_k + γ b') with an opposite ray x' = −γ x: what the coefficient of x_k changes by from the closed to the open side.</summary>
    private double PairPullAt(int ray)
    {
        int opposite = _span.Opposite[ray];
        return PullAt(ray) + (opposite < 0 ? 0 : PullAt(opposite) * _span.Norms[opposite] / _span.Norms[ray]);
    }

    /// <summary>Whether x_k lies in the span of the boundaries slid along and a ray: the neuron then stands on its boundary, too, and stays.</summary>
    private bool IsDependentOn(int ray, int k)
    {
        Span<double> rest = stackalloc double[_span.RankStride], other = stackalloc double[_span.RankStride];
        _span.Ray(ray).CopyTo(rest);
        _slides.Project(rest);
        _span.Ray(k).CopyTo(other);
        _slides.Project(other);
        double square = MomentKernel.Dot(rest, rest);
        if (square > ApexRounding * _span.Norms[ray] * _span.Norms[ray])
        {
            MomentKernel.AddMultiple(rest, -MomentKernel.Dot(other, rest) / square, other);
        }

        return MomentKernel.Norm(other) <= DependentRounding * _span.Norms[k];
    }
}
