namespace ReluFlow.Flows.Boost;

/// <content>The moments D^(i) = Σ_k A_k β_i,k x_k without what the slides cancel, and q^(i)_k = ⟨x_k, D^(i)⟩.</content>
internal sealed partial class NeuronPropagator
{
    private Span<double> Moment(int i) => _moments.AsSpan(i * _span.RankStride, _span.RankStride);

    private Span<double> Q(int i) => _q.AsSpan(i * _span.RayStride, _span.RayStride);

    /// <summary>+1 where z must stay positive for the gate to last, −1 where it must not become so, 0 where the neuron is held.</summary>
    private static double SideOf(byte gate) => gate switch { Gate.Active => 1, Gate.Inactive => -1, _ => 0 };

    /// <summary>D^(i) for the gates at hand, without what the slides cancel, and q^(i)_k = ⟨x_k, D^(i)⟩. Cost O(s r n).</summary>
    /// <param name="kept">A basis of slides that may be the one needed.</param>
    private void BuildMoments(SlidingBasis? kept = null)
    {
        ListActive();
        bool sliding = _gates.AsSpan(0, _span.Rays).Contains(Gate.Sliding);
        for (int k = 0; k < _span.Rays; k++)
        {
            _sides[k] = SideOf(_gates[k]);
        }

        MomentKernel.Combine(_activeRays.AsSpan(0, _activeCount), _signal.Coefficients, _span.Coordinates, _span.RankStride, _m, _moments);
        if (sliding || _slides.Count > 0)
        {
            _slides.Build(_gates, kept);
            for (int i = 0; i < _m; i++)
            {
                _slides.ProjectWithMultipliers(Moment(i), _multipliers.AsSpan(i), _m);
            }
        }

        if (_slides.Count == 0 && _activeCount < _span.Rank)
        {
            MomentKernel.Combine(_activeRays.AsSpan(0, _activeCount), _signal.Coefficients, _span.Gram, _span.RayStride, _m, _q);
        }
        else
        {
            MultiplyByInputs();
        }

        MomentGram();
    }

    /// <summary>q^(i) = X D^(i) from the moments at hand, exactly 0 on the boundaries that the neuron slides along.</summary>
    private void MultiplyByInputs()
    {
        for (int i = 0; i < _m; i++)
        {
            ReadOnlySpan<double> moment = Moment(i);
            for (int r = 0; r < _span.Rank; r++)
            {
                _momentsTransposed[(r * _m) + i] = moment[r];
            }
        }

        MomentKernel.Combine(_allCoordinates, _momentsTransposed, _span.CoordinatesTransposed, _span.RayStride, _m, _q);
        ClearSlidingProducts();
    }

    /// <summary>One gate has changed: a rank-one update along v, the part of x_k off the other boundaries. Cost O(n r).</summary>
    /// <remarks>
    /// With x_k = Σ_K α_l x_l + v: D_eff changes by γ v and the multipliers of K by −γ α, where γ is the change of the coefficient that x_k has in D_eff.
    /// </remarks>
    /// <param name="ray">k.</param>
    /// <param name="before">Its gate before.</param>
    /// <param name="isDecomposed">Whether α and v are there already.</param>
    private void UpdateMoments(int ray, byte before, bool isDecomposed = false)
    {
        byte after = _gates[ray];
        if (_span.Opposite[ray] >= 0 || (after == Gate.Inactive && !AnyActiveInGroup(ray)))
        {
            // Where nothing is left, nothing may be left by rounding either.
            BuildMoments();
            return;
        }

        int index = before == Gate.Sliding ? _slides.Rays.IndexOf(ray) : -1;
        for (int i = 0; i < _m; i++)
        {
            double beta = _signal.Coefficients[(ray * _m) + i];
            _coefficient[i] = before == Gate.Active ? beta : index >= 0 ? _multipliers[(index * _m) + i] : 0;
            _change[i] = (after == Gate.Active ? beta : 0) - _coefficient[i];
        }

        if (index >= 0)
        {
            _multipliers.AsSpan((index + 1) * _m, (_slides.Count - index - 1) * _m).CopyTo(_multipliers.AsSpan(index * _m));
            _slides.Remove(index);
        }

        if (!isDecomposed)
        {
            _slides.Decompose(_span.Ray(ray), _alpha, _direction);
        }

        if (after == Gate.Sliding)
        {
            double square = MomentKernel.Dot(_direction, _direction);
            if (!_slides.Append(ray) || _slides.FreeDimensions == 1)
            {
                // Dependent on the others, or on a line whose direction must not depend on the order of arrival.
                BuildMoments();
                return;
            }

            for (int i = 0; i < _m; i++)
            {
                _change[i] = -MomentKernel.Dot(_direction, Moment(i)) / square;
                _multipliers[((_slides.Count - 1) * _m) + i] = _coefficient[i] + _change[i];
            }
        }

        int others = after == Gate.Sliding ? _slides.Count - 1 : _slides.Count;
        for (int l = 0; l < others; l++)
        {
            for (int i = 0; i < _m; i++)
            {
                _multipliers[(l * _m) + i] -= _change[i] * _alpha[l];
            }
        }

        AddAlongDirection(ray, others == 0);
        ListActive();
        MomentGram();
    }

    /// <summary>D^(i) += γ_i v and q^(i) += γ_i X v.</summary>
    private void AddAlongDirection(int ray, bool isRay)
    {
        ReadOnlySpan<double> products = _span.GramRow(ray);
        if (!isRay)
        {
            MomentKernel.Combine(_allCoordinates, _direction, _span.CoordinatesTransposed, _span.RayStride, 1, _products);
            products = _products;
        }

        for (int i = 0; i < _m; i++)
        {
            MomentKernel.AddMultiple(_direction, _change[i], Moment(i));
            MomentKernel.AddMultiple(products, _change[i], Q(i));
        }

        ClearSlidingProducts();
    }

    private bool AnyActiveInGroup(int ray)
    {
        for (int k = 0; k < _span.Rays; k++)
        {
            if (_gates[k] == Gate.Active && _span.Group[k] == _span.Group[ray])
            {
                return true;
            }
        }

        return false;
    }

    private void ClearSlidingProducts()
    {
        for (int k = 0; k < _span.Rays && _slides.Count > 1; k++)
        {
            if (_z[k] == 0 && _gates[k] != Gate.Sliding && IsDependent(k))
            {
                for (int i = 0; i < _m; i++)
                {
                    _q[(i * _span.RayStride) + k] = 0;
                }
            }
        }

        foreach (int k in _slides.Rays)
        {
            for (int i = 0; i < _m; i++)
            {
                _q[(i * _span.RayStride) + k] = 0;
                if (_span.Opposite[k] >= 0)
                {
                    _q[(i * _span.RayStride) + _span.Opposite[k]] = 0;
                }
            }
        }
    }

    private void ListActive()
    {
        _activeCount = 0;
        for (int k = 0; k < _span.Rays; k++)
        {
            if (_gates[k] == Gate.Active)
            {
                _activeRays[_activeCount++] = k;
            }
        }
    }

    private void MomentGram()
    {
        for (int i = 0; i < _m; i++)
        {
            _p[i] = MomentKernel.Dot(_w, Moment(i));
            for (int l = 0; l <= i; l++)
            {
                double value = MomentKernel.Dot(Moment(i), Moment(l));
                _gram[(i * _m) + l] = value;
                _gram[(l * _m) + i] = value;
            }
        }
    }
}
