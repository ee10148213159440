using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Theory;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Tests.Theory.Limits;

public class JumpProcessTests
{
    // Sums of at most ten products.
    private const double Rounding = 1e-12;

    private const double PotentialStep = 1e-4;

    [Fact]
    public void Path_Toy_IsTheClosedForm()
    {
        var process = new JumpProcess(JumpCases.Toy, Initialization.Balanced(60, 1, hasBias: true, JumpCases.Unit, 1));

        // D_+ = ½ (2, 1), D_− = ½ (−0.5, 1), by hand.
        process.Path.Jumps.Select(jump => jump.RescaledTime).ShouldBe([1 / Math.Sqrt(1.25), 1 / Math.Sqrt(0.3125)], Rounding);
        process.Path.PlateauLosses.ShouldBe([0.5, 0.25, 0]);
        process.Path.Jumps[0].FittedSamples.ShouldBe([1]);
        process.Path.Jumps[1].SquaredNorm.ShouldBe(2 * ((1 / Math.Sqrt(1.25)) + (1 / Math.Sqrt(5))), Rounding);
        process.Interpolates.ShouldBeTrue();
        process.Coincidences.ShouldBeEmpty();
    }

    [Fact]
    public void Path_NeuronsThatSeeAllOfTheirSign_IsTheTheorems()
    {
        // [GF], theorem 1: with such a neuron of each sign there are two jumps, whatever the others see.
        for (ulong seed = 1; seed <= 20; seed++)
        {
            // Seeds of their own: from one seed the first neuron is the first input.
            Dataset data = OrthogonalInputs.Draw(4, 5, LabelLaw.Uniform, seed);
            ReluNetwork start = Initialization.Balanced(200, 5, hasBias: false, JumpCases.Unit, 1000 + seed);
            var predictions = new OrthogonalPredictions(data);
            OrthogonalStartAssumption.Check(start, data).Holds.ShouldBeTrue();

            JumpPath path = new JumpProcess(data, start).Path;

            path.Jumps.Select(jump => jump.RescaledTime).ShouldBe(predictions.Jumps.Select(jump => jump.RescaledTime), Rounding);
            path.PlateauLosses.ShouldBe(predictions.PlateauLosses, Rounding);
            path.Jumps[^1].SquaredNorm.ShouldBe(predictions.MinimumSquaredNorm, Rounding);
        }
    }

    [Fact]
    public void Path_RandomData_IsThatOfSteppedPotentials()
    {
        for (int instance = 0; instance < 30; instance++)
        {
            (Dataset data, ReluNetwork start) = JumpCases.Orthogonal(instance);
            var process = new JumpProcess(data, start);
            if (process.Coincidences.Count > 0)
            {
                continue;
            }

            (double Time, int[] Fitted)[] stepped = [.. Stepped(data, start)];

            process.Path.Jumps.Count.ShouldBe(stepped.Length);
            for (int i = 0; i < stepped.Length; i++)
            {
                process.Path.Jumps[i].FittedSamples.ShouldBe(stepped[i].Fitted);

                // A jump is at most a step late, and a late jump lets its bystanders climb too long, by no more than a step's worth each.
                process.Path.Jumps[i].RescaledTime.ShouldBe(stepped[i].Time, 10 * (i + 1) * PotentialStep);
            }
        }
    }

    [Fact]
    public void Path_SharedSample_ContinuesFromWhereThePotentialIs()
    {
        // Neuron 0 sees samples 0 and 1, neuron 1 sees 1 and 2, by hand: g_0 = √8/3, so τ_1 = 3/√8, when ℓ_1 = −1 + √5/√8; then its slope is 1/3.
        Dataset data = OnAxes(2, 2, 1);
        var process = new JumpProcess(data, Seeing([0, 1], [1, 2]));

        double first = 3 / Math.Sqrt(8);
        process.Path.Jumps.Count.ShouldBe(2);
        process.Path.Jumps[0].RescaledTime.ShouldBe(first, Rounding);
        process.Path.Jumps[0].Neurons.ShouldBe([0]);
        process.Path.Jumps[0].SquaredNorm.ShouldBe(2 * Math.Sqrt(8), Rounding);
        process.Path.Jumps[1].RescaledTime.ShouldBe(first + (3 * (1 - Math.Sqrt(5.0 / 8))), Rounding);
        process.Path.Jumps[1].FittedSamples.ShouldBe([2]);
        process.Path.Jumps[1].SquaredNorm.ShouldBe(2 * (Math.Sqrt(8) + 1), Rounding);
        process.Path.PlateauLosses.ShouldBe([9.0 / 6, 1.0 / 6, 0], Rounding);
        process.Potentials.ShouldBe([0, 0]);
    }

    [Fact]
    public void Path_SampleThatNobodySees_StaysUnfitted()
    {
        var process = new JumpProcess(OnAxes(1, 2, -3), Seeing([0], [1, 2]));

        process.Interpolates.ShouldBeFalse();
        process.Path.PlateauLosses.ShouldBe([14.0 / 6, 10.0 / 6, 9.0 / 6], Rounding);
        process.Path.Jumps.Select(jump => jump.Neurons[0]).ShouldBe([1, 0]);
    }

    [Fact]
    public void Coincidences_NearSlopesThatOverlap_AreSaid()
    {
        Dataset data = OnAxes(1.01, 1, 1);
        ReluNetwork start = Seeing([0, 1], [1, 2]);
        double distance = (Math.Sqrt((1.01 * 1.01) + 1) / Math.Sqrt(2)) - 1;

        JumpCoincidence coincidence = new JumpProcess(data, start).Coincidences.ShouldHaveSingleItem();

        (coincidence.Neuron, coincidence.OtherNeuron, coincidence.Overlaps).ShouldBe((0, 1, true));
        coincidence.Distance.ShouldBe(distance, Rounding);
        new JumpProcess(data, start, coincidenceDistance: 0.9 * distance).Coincidences.ShouldBeEmpty();
    }

    [Fact]
    public void Coincidences_TiesOfOtherSamples_DoNotOverlap()
    {
        var process = new JumpProcess(OnAxes(1, 1, 5), Seeing([0], [1], [2]));

        JumpCoincidence coincidence = process.Coincidences.ShouldHaveSingleItem();
        (coincidence.Neuron, coincidence.OtherNeuron, coincidence.Distance, coincidence.Overlaps).ShouldBe((0, 1, 0, false));
        process.Path.Jumps.Count.ShouldBe(3);
        process.Path.Jumps[2].RescaledTime.ShouldBe(process.Path.Jumps[1].RescaledTime);
    }

    [Fact]
    public void Interpolates_RandomStarts_IsThatEverySampleIsSeen()
    {
        const int Samples = 6, Width = 8, Trials = 400;
        Dataset data = OrthogonalInputs.Draw(Samples, 7, LabelLaw.Uniform, 3);
        int unseen = 0, failures = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            ReluNetwork start = Initialization.Balanced(Width, 7, hasBias: false, JumpCases.Unit, (ulong)trial);
            var pattern = ActivationPattern.Of(start, data.Inputs);
            int left = Enumerable.Range(0, Samples).Count(k => !Enumerable.Range(0, Width).Any(j => pattern[j, k] && start.OutputWeights[j, 0] * data.Targets[k, 0] > 0));
            var process = new JumpProcess(data, start);

            process.Interpolates.ShouldBe(left == 0);
            process.Path.PlateauLosses[^1].ShouldBe(left == 0 ? 0 : process.Path.PlateauLosses[^1]);
            unseen += left;
            failures += process.Interpolates ? 0 : 1;
        }

        // A sample is unseen with probability exactly (3/4)^m; five standard deviations of counts that are positively correlated at most n-fold.
        double expected = Trials * Samples * Math.Pow(0.75, Width);
        ((double)unseen).ShouldBe(expected, 5 * Math.Sqrt(expected * Samples));
        ((double)failures / Trials).ShouldBeLessThan(JumpProcess.FailureProbabilityBound(Samples, Width));
        JumpProcess.FailureProbabilityBound(Samples, Width).ShouldBe(6 * Math.Pow(0.75, 8), Rounding);
        JumpProcess.FailureProbabilityBound(1000, 1).ShouldBe(1);
    }

    [Fact]
    public void Constructor_WhatItCannotTake_IsRefused()
    {
        ReluNetwork start = Initialization.Balanced(3, 1, hasBias: true, JumpCases.Unit, 1);
        Dataset toy = JumpCases.Toy, line = BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias();
        Should.Throw<ArgumentException>(() => new JumpProcess(line, start)).Message.ShouldContain("samples 0 and 1");
        Should.Throw<ArgumentException>(() => new JumpProcess(OnAxes(1, 1, 1), start)).Message.ShouldContain("2 columns");
        Should.Throw<ArgumentOutOfRangeException>(() => new JumpProcess(toy, start, coincidenceDistance: -1)).Message.ShouldContain("-1");
        Should.Throw<ArgumentOutOfRangeException>(() => JumpProcess.FailureProbabilityBound(0, 1));
    }

    /// <summary>Inputs e_k with given targets.</summary>
    internal static Dataset OnAxes(params double[] y)
    {
        var x = new double[y.Length * y.Length];
        for (int k = 0; k < y.Length; k++)
        {
            x[(k * y.Length) + k] = 1;
        }

        return new Dataset(Matrix.TakeOwnership(y.Length, y.Length, x), Matrix.Column(y), "axes", "test");
    }

    /// <summary>Positive balanced neurons in three dimensions, one for each set of axes that it sees.</summary>
    internal static ReluNetwork Seeing(params int[][] sets)
    {
        double[][] w = [.. sets.Select(set => Enumerable.Range(0, 3).Select(k => set.Contains(k) ? 1.0 : -1.0).ToArray())];
        return ReluNetwork.FromWeights(Matrix.FromRows(w), Matrix.Column([.. w.Select(row => TensorPrimitives.Norm<double>(row))]));
    }

    // Potentials in small steps of τ; what a balanced neuron keeps of the gate phase is what it sees of its own sign at the start.
    private static IEnumerable<(double Time, int[] Fitted)> Stepped(Dataset data, ReluNetwork start)
    {
        int n = data.Samples;
        var pattern = ActivationPattern.Of(start, data.Inputs);
        var potentials = Enumerable.Repeat(-1.0, start.Width).ToArray();
        var fitted = new HashSet<int>();
        double[] Slopes() => [.. potentials.Select((_, j) =>
        {
            var d = new double[data.InputDimension];
            for (int k = 0; k < n; k++)
            {
                if (pattern[j, k] && start.OutputWeights[j, 0] * data.Targets[k, 0] > 0 && !fitted.Contains(k))
                {
                    TensorPrimitives.MultiplyAdd(data.Inputs.Row(k), data.Targets[k, 0] / n, d, d);
                }
            }

            return TensorPrimitives.Norm<double>(d);
        })];
        double[] slopes = Slopes();
        for (int step = 1; slopes.Any(slope => slope > 0); step++)
        {
            for (int j = 0; j < potentials.Length; j++)
            {
                potentials[j] += slopes[j] * PotentialStep;
            }

            int jumper = Enumerable.Range(0, potentials.Length).Where(j => slopes[j] > 0).MaxBy(j => potentials[j]);
            if (potentials[jumper] >= 0)
            {
                int[] fits = [.. Enumerable.Range(0, n).Where(k => pattern[jumper, k] && start.OutputWeights[jumper, 0] * data.Targets[k, 0] > 0 && fitted.Add(k))];
                yield return (step * PotentialStep, fits);
                slopes = Slopes();
            }
        }
    }
}
