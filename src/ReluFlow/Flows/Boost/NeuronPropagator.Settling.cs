using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <content>What rounding may not move: w on its boundaries, the conserved ‖a‖² − ‖w‖², z beside w.</content>
internal sealed partial class NeuronPropagator
{
    /// <summary>Recomputes z from w, so that rounding of many small advances does not pile up.</summary>
    private void Synchronize()
    {
        MomentKernel.Combine(_allCoordinates, _w, _span.CoordinatesTransposed, _span.RayStride, 1, _z);
        for (int k = 0; k < _span.Rays; k++)
        {
            if (_gates[k] is Gate.Sliding or Gate.Held || (_slides.Count > 1 && IsDependent(k)))
            {
                _z[k] = 0;
            }
        }
    }

    /// <summary>Whether x_k lies in the span of the boundaries slid along, so that ⟨w, x_k⟩ = 0 as long as the neuron slides.</summary>
    private bool IsDependent(int ray)
    {
        if (Math.Abs(_z[ray]) > ApexRounding * MomentKernel.Norm(_w) * _span.Norms[ray])
        {
            return false;
        }

        _span.Ray(ray).CopyTo(_direction);
        _slides.Project(_direction);
        return MomentKernel.Norm(_direction) <= ApexRounding * _span.Norms[ray];
    }

    /// <summary>After an advance: w on its boundaries, the conserved ‖a‖² − ‖w‖² restored relative to the present size, the scale renewed.</summary>
    private void Settle()
    {
        _slides.Hold(_w);
        double w2 = MomentKernel.Dot(_w, _w), a2 = TensorPrimitives.SumOfSquares<double>(_a);
        if (_balance >= 0)
        {
            if (a2 > 0)
            {
                TensorPrimitives.Multiply(_a, Math.Sqrt((w2 + _balance) / a2), _a);
            }
        }
        else if (w2 > 0)
        {
            double factor = Math.Sqrt((a2 - _balance) / w2);
            TensorPrimitives.Multiply(_w, factor, _w);
            TensorPrimitives.Multiply(_z, factor, _z);
        }

        double size = _balance >= 0 ? TensorPrimitives.Norm<double>(_a) : TensorPrimitives.Norm<double>(_w);
        if (size > 0 && size != 1)
        {
            TensorPrimitives.Divide(_a, size, _a);
            TensorPrimitives.Divide(_w, size, _w);
            TensorPrimitives.Divide(_z, size, _z);
            _rho += Math.Log(size);
            _balance /= size * size;
        }

        for (int i = 0; i < _m; i++)
        {
            _p[i] = MomentKernel.Dot(_w, Moment(i));
        }
    }
}
