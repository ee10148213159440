using BenchmarkDotNet.Attributes;
using ReluFlow.Flows;
using ReluFlow.Flows.Boost;

namespace ReluFlow.Kernels;

/// <summary>Where a pre-activation first leaves its side.</summary>
public class GateCrossings
{
    // 1 − 0.4 u − 0.3 u² − …: falls through 0 at 0.9 or so, by terms that get smaller like a Taylor series's.
    private static readonly double[] s_series = [.. Enumerable.Range(0, 14).Select(k => k == 0 ? 1.0 : -1.0 / ((k * k) + 1))];
    private static readonly double[] s_quartic = [1, -3, 2.5, -2, 1.2];

    [Benchmark(Description = "series of 14 terms that stays: bounded")]
    public bool Stays() => BoundaryPolynomial.StaysAbove(s_series, 1, -2);

    [Benchmark(Description = "series of 14 terms: first crossing")]
    public double Series() => BoundaryPolynomial.FirstBelow(s_series, 1, (0, 1), 1e-15, out _, out _);

    [Benchmark(Description = "quartic of Dormand–Prince: first crossing")]
    public double Quartic() => UnitPolynomial.FirstFall(s_quartic);
}
