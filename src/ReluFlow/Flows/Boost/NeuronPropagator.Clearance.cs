namespace ReluFlow.Flows.Boost;

/// <content>How near the neuron came to gates that it turned away from.</content>
internal sealed partial class NeuronPropagator
{
    /// <summary>The ray of a clearance that was not found.</summary>
    private const int NoRay = -1;

    private readonly double[] _velocities;

    /// <summary>Turning points found while the first event of a segment was looked for: |z|, u, ray.</summary>
    private readonly List<(double Height, double U, int Ray)> _turns = [];

    /// <summary>Keeps the turning points of a segment up to where it ends.</summary>
    private void KeepTurns(double end, double length)
    {
        foreach ((double height, double u, int ray) in _turns)
        {
            if (u <= end)
            {
                double a2 = 0;
                for (int o = 0; o < _c; o++)
                {
                    a2 += SeriesA(u, o) * SeriesA(u, o);
                }

                NoteClearance(height, Math.Sqrt(Math.Max(a2 - _balance, 0)), _sigma + (u * length), ray);
            }
        }

        _turns.Clear();
    }

    /// <summary>Where a changes its sign every z turns: z' = a Q.</summary>
    /// <param name="before">The sign of a before.</param>
    private void NoteFlip(double before)
    {
        double norm = MomentKernel.Norm(_w);
        for (int k = 0; k < _span.Rays && _request.Record; k++)
        {
            double slope = 0;
            for (int i = _signal.Monomials - 1; i >= 0; i--)
            {
                slope = (slope * _sigma) + _q[(i * _span.RayStride) + k];
            }

            if (_sides[k] * before * slope < 0 && _sides[k] * _z[k] > 0)
            {
                NoteClearance(Math.Abs(_z[k]), norm, _sigma, k);
            }
        }
    }

    /// <summary>Keeps a turning point at distance <paramref name="height"/> = |z| and size <paramref name="norm"/> = ‖w‖ where it is the closest so far.</summary>
    private void NoteClearance(double height, double norm, double sigma, int ray)
    {
        double value = height / (norm * _span.Norms[ray]);
        // Nearer than this the neuron stands on the boundary, which it has just crossed or left.
        if (value < Clearance.Value && value > ApexRounding)
        {
            Clearance = new StepClearance(value, sigma, _neuron, ray);
        }
    }

    /// <summary>side · z' of every ray here, kept until <see cref="NoteTurns"/> sees what a gate change makes of it.</summary>
    private void KeepVelocities()
    {
        for (int k = 0; k < _span.Rays && _request.Record; k++)
        {
            _velocities[k] = _sides[k] * VelocityAt(k);
        }
    }

    /// <summary>Rays that the neuron approached until another gate changed and leaves from there.</summary>
    private void NoteTurns()
    {
        double norm = _request.Record ? MomentKernel.Norm(_w) : 0;
        for (int k = 0; k < _span.Rays && _request.Record; k++)
        {
            if (_velocities[k] < 0 && _sides[k] * VelocityAt(k) > 0 && _sides[k] * _z[k] > 0)
            {
                NoteClearance(Math.Abs(_z[k]), norm, _sigma, k);
            }
        }
    }

    /// <summary>z' = ⟨x_k, D(σ) a⟩ with the moments at hand.</summary>
    private double VelocityAt(int ray)
    {
        double velocity = 0;
        for (int o = 0; o < _c; o++)
        {
            double q = 0;
            for (int i = _signal.Monomials - 1; i >= 0; i--)
            {
                q = (q * _sigma) + _q[(((i * _c) + o) * _span.RayStride) + ray];
            }

            velocity += q * _a[o];
        }

        return velocity;
    }
}
