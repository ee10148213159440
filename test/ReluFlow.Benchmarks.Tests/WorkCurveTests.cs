using FsCheck;
using FsCheck.Fluent;
using ReluFlow.Benchmarks.Results;

namespace ReluFlow.Benchmarks.Tests;

/// <summary>Times at equal error, read off curves that are known.</summary>
public sealed class WorkCurveTests
{
    /// <summary>Two logarithms and a power.</summary>
    private const double Rounding = 1e-12;

    [Fact]
    public void Seconds_PowerLaw_IsTheLaw()
    {
        // A method of order four: time = error^(−1/4).
        static double Law(double error) => Math.Pow(error, -0.25);
        var curve = new WorkCurve("order 4", ((double[])[1e-2, 1e-5, 1e-9]).Select(error => (error, Law(error))));
        foreach (double error in (double[])[9e-3, 1e-3, 1e-5, 3e-7, 1e-9])
        {
            curve.Seconds(error).ShouldBe(Law(error), Rounding * Law(error), $"{error}");
        }
    }

    [Fact]
    public void Seconds_BeyondTheCurve_IsTheEndOrNothing()
    {
        var curve = new WorkCurve("a", [(1e-2, 1), (1e-4, 10)]);
        curve.Seconds(0.5).ShouldBe(1);
        curve.Seconds(9e-5).ShouldBe(double.PositiveInfinity);
        curve.Nearest.ShouldBe((1e-4, 10));
    }

    [Fact]
    public void Seconds_AMoreAccurateRunThatIsFaster_Counts() => new WorkCurve("a", [(1e-2, 5), (1e-6, 1)]).Seconds(1e-2).ShouldBe(1);

    [Fact]
    public void Seconds_AnyCurve_FallsAsTheErrorGrows() => Prop.ForAll<(int E, int T)[]>(raw =>
    {
        (double, double)[] points = [.. raw.Select(point => (Math.Pow(10, -(Math.Abs((long)point.E) % 12)), 1.0 + (Math.Abs((long)point.T) % 1000)))];
        if (points.Length == 0)
        {
            return;
        }

        var curve = new WorkCurve("any", points);
        double before = double.PositiveInfinity;
        for (double logarithm = -13; logarithm < 1; logarithm += 0.25)
        {
            double now = curve.Seconds(Math.Pow(10, logarithm));
            now.ShouldBeLessThanOrEqualTo(before * (1 + Rounding));
            before = now;
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_RunsThatEndElsewhere_MakeNoCurve() =>
        WorkCurve.Of([Rows.Of("lost", 0.7, 1, departure: "weights 70 % away"), Rows.Of("late", 0.01, 1, reached: false), Rows.Of("near", 1e-15, 1)], 1e-12, row => row.Processor.Median)
            .Select(curve => (curve.Method, curve.Nearest.Error)).ShouldBe([("near", 1e-12)]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1e-3, 0)]
    public void WorkCurve_NoLogarithm_IsRefused(double error, double seconds) => Should.Throw<ArgumentException>(() => new WorkCurve("a", [(error, seconds)])).Message.ShouldContain("positive");

    [Fact]
    public void At_PeersOnBothSides_TakesTheFastest()
    {
        var ours = new WorkCurve("ours", [(1e-4, 2), (1e-8, 2)]);
        WorkCurve[] peers = [new("slow", [(1e-8, 100)]), new("fast", [(1e-2, 1), (1e-6, 100)])];
        EqualError at = EqualError.At(1e-4, ours, peers).ShouldNotBeNull();
        (at.Peer, at.IsBound).ShouldBe(("fast", false));
        at.Ratio.ShouldBe(10 / 2.0, Rounding * 5);
    }

    [Fact]
    public void At_NoPeerSoNear_BoundsByTheNearest()
    {
        var ours = new WorkCurve("ours", [(1e-8, 2)]);
        EqualError at = EqualError.At(1e-6, ours, [new("far", [(0.5, 1)]), new("near", [(1e-3, 7)])]).ShouldNotBeNull();
        (at.Peer, at.IsBound, at.PeerError, at.Ratio).ShouldBe(("near", true, 1e-3, 3.5));
        at.Describe().ShouldBe("> 3.5× (near, which stays at 1.0e-3)");
        EqualError.At(1e-9, ours, []).ShouldBeNull("we do not reach it ourselves");
        EqualError.At(1e-6, ours, []).ShouldNotBeNull().Describe().ShouldBe("no peer comes near");
    }

    [Fact]
    public void At_SlowerThanAPeer_SaysSo() =>
        EqualError.At(1e-3, new WorkCurve("ours", [(1e-3, 4)]), [new("peer", [(1e-3, 1)])]).ShouldNotBeNull().Describe().ShouldBe("0.3× (peer)");
}
