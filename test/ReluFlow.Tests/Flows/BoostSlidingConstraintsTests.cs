using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Tests.Flows;

/// <summary>The projection off the boundaries a neuron slides along, against the conditions that define it.</summary>
public sealed class BoostSlidingConstraintsTests
{
    /// <summary>Rounding over the least angle between random normals in up to eight dimensions (about 1e-2), with some room.</summary>
    private const double Rounding = 1e-11;

    [Fact]
    public void ProjectWithMultipliers_RandomBoundaries_LeavesThemByACombination()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            (InputSpan span, int[] chosen, RandomStream stream) = Draw(seed);
            SlidingConstraints slides = Built(span, chosen);
            double[] first = Vector(span, stream), projected = [.. first], multipliers = new double[3 * span.Rank];

            // Every third entry: the layout of several moments.
            slides.ProjectWithMultipliers(projected, multipliers.AsSpan(1), 3);
            foreach (int k in chosen)
            {
                Dot(projected, span.Ray(k)).ShouldBe(0, Rounding, $"seed {seed}");
            }

            double[] combined = [.. first];
            for (int i = 0; i < slides.Count; i++)
            {
                Add(combined, multipliers[(3 * i) + 1], span.Ray(slides.Rays[i]));
            }

            combined.ShouldBe(projected, Rounding, $"seed {seed}");
            double[] once = [.. first];
            slides.Project(once);
            once.ShouldBe(projected, Rounding);
        }
    }

    [Fact]
    public void Decompose_AnyVector_IsItsPartsAlongAndAcross()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            (InputSpan span, int[] chosen, RandomStream stream) = Draw(seed);
            SlidingConstraints slides = Built(span, chosen);
            double[] x = Vector(span, stream), alpha = new double[span.Rank], across = new double[span.RankStride];
            slides.Decompose(x, alpha, across);
            double[] sum = [.. across];
            for (int i = 0; i < slides.Count; i++)
            {
                Dot(across, span.Ray(slides.Rays[i])).ShouldBe(0, Rounding);
                Add(sum, alpha[i], span.Ray(slides.Rays[i]));
            }

            sum.ShouldBe(x, Rounding);
        }
    }

    [Fact]
    public void AppendAndRemove_AnyOrder_GiveTheProjectionOfAFreshSet()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            (InputSpan span, int[] chosen, RandomStream stream) = Draw(seed);
            var slides = new SlidingConstraints(span);
            var kept = new List<int>();
            foreach (int k in chosen.Reverse())
            {
                slides.Append(k).ShouldBeTrue();
                kept.Add(k);
                if (kept.Count > 1 && stream.NextInteger(2) == 0)
                {
                    int index = stream.NextInteger(kept.Count);
                    slides.Remove(index);
                    kept.RemoveAt(index);
                }
            }

            slides.Rays.ToArray().ShouldBe(kept.ToArray());
            slides.FreeDimensions.ShouldBe(span.Rank - kept.Count);
            double[] x = Vector(span, stream), y = [.. x];
            slides.Project(x);
            Built(span, [.. kept]).Project(y);
            x.ShouldBe(y, Rounding);
        }
    }

    [Fact]
    public void Build_DependentBoundaries_KeepsAsManyAsAreIndependent()
    {
        // Four boundaries in the plane, two of them enough.
        InputSpan span = InputSpan.Of(Matrix.FromRows([1, 0], [0, 1], [1, 1], [1, -2]));
        byte[] gates = new byte[span.RayStride];
        Array.Fill(gates, Gate.Sliding, 0, 4);
        var slides = new SlidingConstraints(span);
        slides.Build(gates);
        slides.Count.ShouldBe(2);
        gates.Take(4).Count(gate => gate == Gate.Sliding).ShouldBe(2);
        gates.Take(4).Count(gate => gate == Gate.Inactive).ShouldBe(2);
        slides.Append(3).ShouldBeFalse();
        slides.Count.ShouldBe(2);
    }

    [Fact]
    public void Hold_OneDimensionLeft_GivesTheSameBitsWhateverTheWay()
    {
        // Neurons that slid along the same boundaries leave in exactly one direction, however they came there.
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var stream = new RandomStream(seed);
            int rank = 2 + stream.NextInteger(4);
            InputSpan span = InputSpan.Of(FlowProblems.RandomData(rank + 2, rank, 1, seed).Inputs);
            int[] chosen = [.. Enumerable.Range(0, rank - 1)];
            double[] first = Direction(span, Built(span, chosen), Vector(span, stream));
            double[] second = Direction(span, Built(span, chosen), Vector(span, stream));
            second.ShouldBe(Math.Sign(first.Zip(second, (a, b) => a * b).Sum()) > 0 ? first : [.. first.Select(v => -v)]);
        }
    }

    private static double[] Direction(InputSpan span, SlidingConstraints slides, double[] w)
    {
        slides.Hold(w);

        // A power of two as factor keeps the bits: the held vectors must be multiples of one line.
        int largest = Enumerable.Range(0, span.Rank).MaxBy(i => Math.Abs(w[i]));
        double[] line = new double[span.RankStride];
        line[largest] = Math.CopySign(1, w[largest]);
        slides.Hold(line);
        line.Select(v => v / line[largest]).Zip(w.Select(v => v / w[largest]), (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-15);
        return line;
    }

    private static (InputSpan Span, int[] Chosen, RandomStream Stream) Draw(ulong seed)
    {
        var stream = new RandomStream(seed);
        int d = 2 + stream.NextInteger(7), n = 2 + stream.NextInteger(10);
        InputSpan span = InputSpan.Of(FlowProblems.RandomData(n, d, 1, seed).Inputs);
        int count = Math.Min(span.Rank, 1 + stream.NextInteger(4));
        return (span, [.. Enumerable.Range(0, n).OrderBy(_ => stream.NextUniform()).Take(count).Order()], stream);
    }

    private static SlidingConstraints Built(InputSpan span, int[] chosen)
    {
        byte[] gates = new byte[span.RayStride];
        foreach (int k in chosen)
        {
            gates[k] = Gate.Sliding;
        }

        var slides = new SlidingConstraints(span);
        slides.Build(gates);
        slides.Count.ShouldBe(chosen.Length);
        return slides;
    }

    private static double[] Vector(InputSpan span, RandomStream stream)
    {
        var x = new double[span.RankStride];
        for (int i = 0; i < span.Rank; i++)
        {
            x[i] = stream.NextNormal();
        }

        return x;
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    private static void Add(double[] target, double factor, ReadOnlySpan<double> x)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * x[i];
        }
    }
}
