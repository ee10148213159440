using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReluFlow.Flows.Boost;

/// <content>Which gates a Taylor segment might change at all.</content>
internal sealed partial class NeuronPropagator
{
    /// <summary>
    /// Rays whose boundary the segment might reach: side · z_k above 0 by less than it can fall. While a keeps its sign each κ_m is monotone, so
    /// the fall is at most Σ_m max(0, −side · q_m κ_m(1)); else Σ_m |q_m| max|a|/(m + 1). Where clearances are wanted, also the rays that might be
    /// grazed more closely than any before.
    /// </summary>
    private int FindCandidates()
    {
        int s = _signal.Monomials;
        bool monotone = _c == 1 && _balance >= 0;
        EvaluateAt(1);
        for (int o = 0; o < _c; o++)
        {
            double most = 0;
            for (int k = 0; k <= _order && !monotone; k++)
            {
                most += Math.Abs(_series[(k * _c) + o]);
            }

            for (int m = 0; m < s; m++)
            {
                _bounds[(m * _c) + o] = monotone ? _localKappa[m] : most / (m + 1);
            }
        }

        double grazed = _request.Record && double.IsFinite(Clearance.Value) ? Clearance.Value * MomentKernel.Norm(_w) : 0;
        int count = 0;
        ref double norms = ref MemoryMarshal.GetArrayDataReference(_span.Norms);
        ref double z = ref MemoryMarshal.GetArrayDataReference(_z);
        ref double q = ref MemoryMarshal.GetArrayDataReference(_q);
        ref double sides = ref MemoryMarshal.GetArrayDataReference(_sides);
        for (int k = 0; k < _span.RayStride; k += 8)
        {
            Vector512<double> side = Vector512.LoadUnsafe(ref sides, (nuint)k), height = side * Vector512.LoadUnsafe(ref z, (nuint)k);
            for (int m = 0; m < s; m++)
            {
                for (int o = 0; o < _c; o++)
                {
                    Vector512<double> local = default;
                    for (int i = m; i < s; i++)
                    {
                        local += Vector512.LoadUnsafe(ref q, (nuint)((((i * _c) + o) * _span.RayStride) + k)) * _shift[(m * s) + i];
                    }

                    Vector512<double> fall = side * local * _bounds[(m * _c) + o];
                    height += monotone ? Vector512.Min(fall, Vector512<double>.Zero) : -Vector512.Abs(fall);
                }
            }

            Vector512<double> near = Vector512.Abs(side) * Vector512.LoadUnsafe(ref norms, (nuint)k) * grazed;
            ulong mask = Vector512.LessThan(height, near).ExtractMostSignificantBits();
            for (; mask != 0; mask &= mask - 1)
            {
                _candidates[count++] = k + BitOperations.TrailingZeroCount(mask);
            }
        }

        return count;
    }
}
