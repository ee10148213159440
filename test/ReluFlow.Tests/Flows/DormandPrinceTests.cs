using ReluFlow.Flows;

namespace ReluFlow.Tests.Flows;

/// <summary>The Runge–Kutta pair, its continuous extension, and the crossings found on it.</summary>
public class DormandPrinceTests
{
    /// <summary>Coefficients are quotients rounded once; sums of seven of size up to 12.</summary>
    private const double Rounding = 1e-13;

    [Fact]
    public void Extension_AtTheEnds_JoinsTheStepAndItsDerivatives()
    {
        for (int stage = 0; stage < DormandPrince.Stages; stage++)
        {
            double[] p = DormandPrince.Extension(stage).ToArray();
            double weight = stage < 6 ? DormandPrince.StageWeights(6)[stage] : 0;
            p.Sum().ShouldBe(weight, Rounding);
            p[0].ShouldBe(stage == 0 ? 1 : 0, Rounding);
            p.Select((v, i) => (i + 1) * v).Sum().ShouldBe(stage == 6 ? 1 : 0, Rounding);
        }

        // Σ_i b_i(σ) = σ.
        for (int power = 0; power < DormandPrince.Degree; power++)
        {
            Enumerable.Range(0, DormandPrince.Stages).Sum(s => DormandPrince.Extension(s)[power]).ShouldBe(power == 0 ? 1 : 0, Rounding);
        }
    }

    [Fact]
    public void Take_HalfTheStep_HasTheOrdersOfThePair()
    {
        (double end, double estimate, double inside) = Errors(0.2);
        (double endHalf, double estimateHalf, double insideHalf) = Errors(0.1);

        // One step errs like h⁶, the estimate like h⁵, the extension like h⁵; measured between two sizes the order is near, not equal.
        Math.Log2(end / endHalf).ShouldBeInRange(5.5, 6.8);
        Math.Log2(estimate / estimateHalf).ShouldBeInRange(4.6, 5.6);
        Math.Log2(inside / insideHalf).ShouldBeInRange(4.6, 5.6);
    }

    [Fact]
    public void FirstFall_TwoCrossingsBetweenPositiveEnds_FindsTheFirst()
    {
        // (σ − 0.4)(σ − 0.6)(σ² + 1)
        double root = UnitPolynomial.FirstFall([0.24, -1, 1.24, -1, 1]);
        root.ShouldBe(0.4, Rounding);
    }

    [Theory]
    [InlineData(new[] { 0.25, -1, 1.0 })]           // touches zero at ½
    [InlineData(new[] { 1.0, -0.5, 0, 0, -0.4 })]   // stays positive
    [InlineData(new[] { 1.0 })]
    public void FirstFall_NoChangeOfSign_IsNaN(double[] coefficients) => UnitPolynomial.FirstFall(coefficients).ShouldBe(double.NaN);

    [Fact]
    public void FirstFall_RandomQuartics_AgreesWithAFineGrid()
    {
        var stream = new ReluFlow.Networks.RandomStream(11);
        for (int trial = 0; trial < 2000; trial++)
        {
            double[] c = [stream.NextUniform() + 1e-3, .. Enumerable.Range(0, 4).Select(_ => 4 * stream.NextNormal())];
            double root = UnitPolynomial.FirstFall(c);
            int cell = Enumerable.Range(0, 4001).FirstOrDefault(i => UnitPolynomial.Evaluate(c, i / 4000.0) < 0, -1);
            if (cell >= 0)
            {
                root.ShouldBeLessThanOrEqualTo(cell / 4000.0);
            }

            if (!double.IsNaN(root))
            {
                // A root that the grid passes over must still be one.
                UnitPolynomial.Evaluate(c, root).ShouldBe(0, 1e-12);
                UnitPolynomial.Evaluate(c, root - 1e-9).ShouldBeGreaterThan(-1e-12);
                (cell < 0 || root > (cell - 1) / 4000.0 || UnitPolynomial.Evaluate(c, root + 1e-7) < 1e-6).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void First_GateLeftAndRegainedInOneStep_IsSeenAndThenRestsOnItsNewSide()
    {
        // Layout d = 2, c = 1; w = (z, τ), τ' = 1, z' = 2τ − 1: z = (τ − ½)² − 0.01 from τ = 0 leaves at 0.4 and returns at 0.6.
        var layout = new LogPolarState(1, 2, 1);
        var inputs = ReluFlow.Networks.Matrix.FromRows([1, 0], [1, 1]);
        var crossing = new GateCrossing(inputs, new GramMatrix(inputs), layout);
        var step = new DormandPrinceStep(layout.Length);
        VectorField field = (state, derivative) =>
        {
            derivative.Clear();
            derivative[0] = (2 * state[1]) - 1;
            derivative[1] = 1;
        };
        step.Start[0] = 0.24;
        field(step.Start, step.StartDerivative);
        step.Take(field, 1);
        step.Extend();
        step.End[0].ShouldBe(0.24, Rounding);
        crossing.First(step, [true, true]).ShouldBe(0.4, Rounding);

        // From the crossing on, with the gate closed (and another one open that can move it): nothing until it opens at 0.6.
        double[] there = new double[layout.Length];
        step.At(0.4, there);
        there.CopyTo(step.Start.AsSpan());
        field(step.Start, step.StartDerivative);
        step.Take(field, 0.1);
        step.Extend();
        crossing.First(step, [false, true]).ShouldBe(double.NaN);
        step.Take(field, 0.5);
        step.Extend();

        // A gate that starts on its boundary counts as leaving at 2e-13 past it, here at a slope of 0.1 a step.
        crossing.First(step, [false, true]).ShouldBe(0.4, 1e-11);

        // A closed gate that no open one can move rests, whatever its value does.
        crossing.First(step, [false, false]).ShouldBe(double.NaN);
    }

    private static (double End, double Estimate, double Inside) Errors(double h)
    {
        // y' = y cos t as an autonomous system, y = e^{sin t}.
        VectorField field = (state, derivative) =>
        {
            derivative[0] = state[0] * Math.Cos(state[1]);
            derivative[1] = 1;
        };
        var step = new DormandPrinceStep(2);
        step.Start[0] = Math.Exp(Math.Sin(0.3));
        step.Start[1] = 0.3;
        field(step.Start, step.StartDerivative);
        double estimate = Math.Abs(step.Take(field, h)[0]);
        step.Extend();
        double inside = 0;
        foreach (double sigma in (double[])[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
        {
            var point = new double[2];
            step.At(sigma, point);
            inside = Math.Max(inside, Math.Abs(point[0] - Math.Exp(Math.Sin(0.3 + (sigma * h)))));
        }

        return (Math.Abs(step.End[0] - Math.Exp(Math.Sin(0.3 + h))), estimate, inside);
    }
}
