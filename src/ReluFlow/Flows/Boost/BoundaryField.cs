using System.Diagnostics;

namespace ReluFlow.Flows.Boost;

/// <summary>
/// The minimum-norm subgradient of one neuron on a set S of boundaries: min ½ ‖u₀ + Σ_S η_k x_k‖² with η_k between 0 and a·b_k, where u₀ = D₀ a.
/// </summary>
/// <remarks>
/// Its optimality conditions are the consistency conditions of Filippov's solution: η_k = 0 the gate is closed, η_k = a·b_k open, between them the neuron slides.
/// Solved by a primal active-set method on the Gram matrix; finite, since the objective falls with every change of the set. Source: [Filippov]; the box problem is ours.
/// </remarks>
internal sealed class BoundaryField(InputSpan span)
{
    private const double Rounding = 1e-13;

    /// <summary>What is left of ‖x‖² off the other boundaries, relative to it, where only the rounding of the subtraction is left.</summary>
    private const double Dependent = 1e-15;

    /// <summary>η this near an end of its range, relative to the range, is at the end.</summary>
    private const double EndRounding = 1e-12;
    private readonly int _capacity = span.Rays;
    private readonly double[] _field = new double[span.RankStride];
    private readonly double[] _eta = new double[span.Rays];
    private readonly double[] _target = new double[span.Rays];
    private readonly double[] _limit = new double[span.Rays];
    private readonly int[] _rays = new int[span.Rays];
    private readonly byte[] _side = new byte[span.Rays];
    private readonly double[] _cholesky = new double[Math.Min(span.Rays, span.Rank + 1) * Math.Min(span.Rays, span.Rank + 1)];
    private readonly int[] _free = new int[span.Rays];
    private double _size;
    private int _count;
    private int _freeCount;

    /// <summary>Starts a problem with u₀ (length RankStride) and no boundaries.</summary>
    public void Begin(ReadOnlySpan<double> field)
    {
        field.CopyTo(_field);
        _size = MomentKernel.Norm(field);
        _count = 0;
    }

    /// <summary>Adds a boundary with limit a·b_k and the gate from which the search starts.</summary>
    public void Add(int ray, double limit, byte side)
    {
        Debug.Assert(_count < _capacity);
        _rays[_count] = ray;
        _limit[_count] = limit;
        _size += Math.Abs(limit) * span.Norms[ray];
        _side[_count] = side;
        _eta[_count] = side switch { Gate.Active => limit, Gate.Sliding => limit / 2, _ => 0 };
        _count++;
    }

    /// <summary>Solves and writes the gates of the boundaries that were added.</summary>
    public void Solve(Span<byte> gates)
    {
        for (int i = 0; i < _count; i++)
        {
            MomentKernel.AddMultiple(span.Ray(_rays[i]), _eta[i], _field);
        }

        int limit = 20 + (10 * _count);
        for (int round = 0; round < limit; round++)
        {
            if (!MoveFree() && !ReleaseOne())
            {
                break;
            }
        }

        for (int i = 0; i < _count; i++)
        {
            gates[_rays[i]] = SideOf(i);
        }
    }

    /// <summary>The gate that η says; at an end of its range, up to rounding, the boundary is not slid along. Closed comes first.</summary>
    private byte SideOf(int i)
    {
        double rounding = EndRounding * Math.Abs(_limit[i]);
        return _side[i] != Gate.Sliding ? _side[i]
            : Math.Abs(_eta[i]) <= rounding ? Gate.Inactive
            : Math.Abs(_eta[i] - _limit[i]) <= rounding ? Gate.Active
            : Gate.Sliding;
    }

    /// <summary>Minimises over the sliding boundaries; stops at the first that meets its limit. True where something met a limit.</summary>
    private bool MoveFree()
    {
        CollectFree();
        if (_freeCount == 0)
        {
            return false;
        }

        SolveFree();
        double share = 1;
        int blocking = -1;
        for (int f = 0; f < _freeCount; f++)
        {
            int i = _free[f];
            double low = Math.Min(0, _limit[i]), high = Math.Max(0, _limit[i]), step = _target[f];
            double room = step > 0 ? high - _eta[i] : low - _eta[i];
            if (step != 0 && Math.Abs(step) * share > Math.Abs(room))
            {
                (share, blocking) = (room / step, f);
            }
        }

        for (int f = 0; f < _freeCount; f++)
        {
            int i = _free[f];
            double step = share * _target[f];
            _eta[i] += step;
            MomentKernel.AddMultiple(span.Ray(_rays[i]), step, _field);
        }

        if (blocking < 0)
        {
            return false;
        }

        int blocked = _free[blocking];
        bool towardsOpen = (_target[blocking] > 0) == (_limit[blocked] > 0);
        _side[blocked] = towardsOpen ? Gate.Active : Gate.Inactive;
        double exact = towardsOpen ? _limit[blocked] : 0;
        MomentKernel.AddMultiple(span.Ray(_rays[blocked]), exact - _eta[blocked], _field);
        _eta[blocked] = exact;
        return true;
    }

    /// <summary>Frees the boundary at a limit whose derivative points inward most. False where none does.</summary>
    /// <remarks>What the parts of the field leave when they cancel is rounding, measured against the parts; it frees nothing, or the search would go round in circles.</remarks>
    private bool ReleaseOne()
    {
        int best = -1;
        double most = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_side[i] == Gate.Sliding || _limit[i] == 0)
            {
                continue;
            }

            double slope = MomentKernel.Dot(_field, span.Ray(_rays[i]));
            double inward = _side[i] == Gate.Active ? Math.Sign(_limit[i]) * slope : -Math.Sign(_limit[i]) * slope;
            double scaled = inward / span.Norms[_rays[i]];
            if (scaled > most && scaled > Rounding * _size)
            {
                (best, most) = (i, scaled);
            }
        }

        if (best < 0)
        {
            return false;
        }

        _side[best] = Gate.Sliding;
        return true;
    }

    private void CollectFree()
    {
        _freeCount = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_side[i] == Gate.Sliding)
            {
                if (_freeCount < span.Rank && Extend(i))
                {
                    _free[_freeCount++] = i;
                }
                else
                {
                    // Dependent on the others: it adds nothing to the field, so its gate is closed.
                    MomentKernel.AddMultiple(span.Ray(_rays[i]), -_eta[i], _field);
                    _eta[i] = 0;
                    _side[i] = Gate.Inactive;
                }
            }
        }
    }

    /// <summary>Appends a row to the Cholesky factor of the free Gram matrix; false where it would be singular.</summary>
    private bool Extend(int candidate)
    {
        int n = _freeCount, stride = Math.Min(span.Rays, span.Rank + 1);
        ReadOnlySpan<double> gram = span.GramRow(_rays[candidate]);
        double diagonal = gram[_rays[candidate]];
        for (int f = 0; f < n; f++)
        {
            double value = gram[_rays[_free[f]]];
            for (int g = 0; g < f; g++)
            {
                value -= _cholesky[(n * stride) + g] * _cholesky[(f * stride) + g];
            }

            value /= _cholesky[(f * stride) + f];
            _cholesky[(n * stride) + f] = value;
            diagonal -= value * value;
        }

        if (diagonal <= Dependent * gram[_rays[candidate]])
        {
            return false;
        }

        _cholesky[(n * stride) + n] = Math.Sqrt(diagonal);
        return true;
    }

    private void SolveFree()
    {
        int stride = Math.Min(span.Rays, span.Rank + 1);
        for (int f = 0; f < _freeCount; f++)
        {
            double value = -MomentKernel.Dot(_field, span.Ray(_rays[_free[f]]));
            for (int g = 0; g < f; g++)
            {
                value -= _cholesky[(f * stride) + g] * _target[g];
            }

            _target[f] = value / _cholesky[(f * stride) + f];
        }

        for (int f = _freeCount - 1; f >= 0; f--)
        {
            double value = _target[f];
            for (int g = f + 1; g < _freeCount; g++)
            {
                value -= _cholesky[(g * stride) + f] * _target[g];
            }

            _target[f] = value / _cholesky[(f * stride) + f];
        }
    }
}
