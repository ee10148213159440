namespace ReluFlow.Flows.Boost;

/// <content>How near the neuron came to gates that it turned away from.</content>
internal sealed partial class NeuronPropagator
{
    /// <summary>The ray of a clearance that was not found.</summary>
    private const int NoRay = -1;

    private readonly double[] _velocities;

    /// <summary>Keeps a turning point at distance <paramref name="height"/> = |z| where it is the closest so far.</summary>
    private void NoteClearance(double height, double sigma, int ray)
    {
        double value = height / (MomentKernel.Norm(_w) * _span.Norms[ray]);
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
        for (int k = 0; k < _span.Rays && _request.Record; k++)
        {
            if (_velocities[k] < 0 && _sides[k] * VelocityAt(k) > 0 && _sides[k] * _z[k] > 0)
            {
                NoteClearance(Math.Abs(_z[k]), _sigma, k);
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
