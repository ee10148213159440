using ReluFlow.Networks;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Tests.Theory.Limits;

public class AlternatingProcessTests
{
    // The flow between saddles is followed to a relative 1e-9 and rests at a millionth of the gradient it sets out with, so losses are off by its square.
    private const double SaddleError = 1e-8;

    // A neuron that shares samples with another is measured to be as slow as a residual of about a millionth allows.
    private const double TimeError = 1e-6;

    // Of the weights at the end; the last plateau is reached only as fast as the loss decays.
    private const double FlowTolerance = 1e-6;

    [Fact]
    public void Path_OrthogonalInputs_IsTheJumpProcess()
    {
        for (int instance = 0; instance < 20; instance++)
        {
            (Dataset data, ReluNetwork start) = JumpCases.Orthogonal(instance);
            var exact = new JumpProcess(data, start);

            var process = new AlternatingProcess(data, start);

            process.Status.ShouldBe(exact.Interpolates ? AlternatingStatus.Interpolated : AlternatingStatus.Stationary);
            process.Path.Jumps.Count.ShouldBe(exact.Path.Jumps.Count);
            process.Path.PlateauLosses.ShouldBe(exact.Path.PlateauLosses, SaddleError);
            foreach ((Jump jump, Jump expected) in process.Path.Jumps.Zip(exact.Path.Jumps))
            {
                jump.Neurons.ShouldBe(expected.Neurons);
                jump.FittedSamples.ShouldBe(expected.FittedSamples);
                jump.RescaledTime.ShouldBe(expected.RescaledTime, TimeError);
                jump.SquaredNorm.ShouldBe(expected.SquaredNorm, SaddleError);
            }
        }
    }

    [Fact]
    public void Path_ThreePoints_EndsAtTheLeastSquaresLine()
    {
        // Ordinary least squares on the three points, from the normal equations: half the mean squared error is 0.08752 ([EA]; MSE 0.17504).
        double[] x = [-0.75, -0.5, 0.125], y = [1.1, 0.1, 0.8];
        double meanX = x.Average(), meanY = y.Average(), slope = x.Zip(y, (u, v) => (u - meanX) * (v - meanY)).Sum() / x.Sum(u => (u - meanX) * (u - meanX));
        double loss = x.Zip(y, (u, v) => Math.Pow(v - meanY - (slope * (u - meanX)), 2)).Sum() / 6;

        var process = new AlternatingProcess(BuiltinDatasets.Make("early-alignment-3pt", 1).WithBias(), Initialization.Balanced(30, 1, hasBias: true, JumpCases.Unit, 1));

        process.Status.ShouldBe(AlternatingStatus.Stationary);
        process.Path.Jumps.ShouldHaveSingleItem().Loss.ShouldBe(loss, SaddleError);
        loss.ShouldBe(0.08752, 5e-6);
        process.Path.Jumps[0].FittedSamples.ShouldBeEmpty();
    }

    [Fact]
    public void Path_FivePoints_FitsTheOutermostFirstAndSaysThatItIsClose()
    {
        // By hand: the fastest extremal vector sees all but x = 2, D = (−0.13, 0.08); it ends on x = −1.5 alone, where Σ y²/(2n) of the others is 0.045. The one
        // that slides on x = 0, D = (−0.15, 0), is nearly as fast.
        double rate = Math.Sqrt((0.13 * 0.13) + (0.08 * 0.08));

        var process = new AlternatingProcess(BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias(), Initialization.Balanced(60, 1, hasBias: true, JumpCases.Unit, 1));

        process.Status.ShouldBe(AlternatingStatus.Interpolated);
        process.Path.Jumps.Count.ShouldBe(3);
        process.Path.PlateauLosses[0].ShouldBe(0.094, 1e-12);
        process.Path.PlateauLosses[1].ShouldBe(0.045, SaddleError);
        process.Path.Jumps[0].FittedSamples.ShouldBe([0]);

        // The published plateau of the mean squared error, to its three figures.
        (2 * process.Path.PlateauLosses[2]).ShouldBe(0.0777, 5e-5);
        process.Path.PlateauLosses[3].ShouldBe(0);

        process.Path.Jumps[0].RescaledTime.ShouldBe(1 / rate, TimeError);
        JumpCoincidence coincidence = process.Coincidences.First(coincidence => coincidence.RescaledTime == process.Path.Jumps[0].RescaledTime);
        coincidence.Distance.ShouldBe((rate / 0.15) - 1, TimeError);
        coincidence.Overlaps.ShouldBeTrue();
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Path_FivePointsAtTinyScale_IsTheFlows()
    {
        Dataset data = BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias();
        ReluNetwork start = Initialization.Balanced(60, 1, hasBias: true, JumpCases.Unit, 1);
        JumpPath path = new AlternatingProcess(data, start).Path;
        LogNumber scale = JumpCases.PowerOfTen(-300);

        var measured = new JumpMeasurement(path, scale, JumpCases.Run(data, start, path, scale, [.. path.Jumps.Select(jump => jump.RescaledTime * -scale.Log)], FlowTolerance));

        measured.SameOrder.ShouldBeTrue();
        measured.PlateauDeviation.ShouldBeLessThan(100 * FlowTolerance);
        for (int i = 0; i < path.Jumps.Count; i++)
        {
            // Corrections of some widths of the jump, over ln(1e300).
            measured.RescaledTimes[i]!.Value.ShouldBe(path.Jumps[i].RescaledTime, 30 / path.Jumps[i].Rate / -scale.Log);
        }
    }

    [Fact]
    public void Path_InputsInASubspace_IsThatOfItsCoordinates()
    {
        // The same start in more dimensions: what a neuron has outside the span of the data is not seen.
        Dataset flat = BuiltinDatasets.Make("nonorthogonal-toy", 1).WithBias();
        ReluNetwork start = Initialization.Balanced(20, 1, hasBias: true, JumpCases.Unit, 3);
        var raised = new Dataset(flat.Inputs.WithColumn(0), flat.Targets, "raised", "test");
        ReluNetwork higher = ReluNetwork.FromScaledWeights(start.InputWeights.WithColumn(0), start.OutputWeights, start.LogScales);

        JumpPath expected = new AlternatingProcess(flat, start).Path, path = new AlternatingProcess(raised, higher).Path;

        path.PlateauLosses.ShouldBe(expected.PlateauLosses, SaddleError);
        path.Jumps.Select(jump => jump.RescaledTime).ShouldBe(expected.Jumps.Select(jump => jump.RescaledTime), TimeError);
    }

    [Fact]
    public void Status_LimitOnJumps_IsSaid()
    {
        var process = new AlternatingProcess(JumpCases.Toy, Initialization.Balanced(20, 1, hasBias: true, JumpCases.Unit, 1), new AlternatingOptions { MaximumJumps = 1 });

        process.Status.ShouldBe(AlternatingStatus.JumpLimit);
        process.Path.PlateauLosses.ShouldBe([0.5, 0.25], SaddleError);
    }

    [Fact]
    public void Constructor_WhatItCannotTake_IsRefused()
    {
        ReluNetwork start = Initialization.Balanced(3, 1, hasBias: true, JumpCases.Unit, 1);
        Should.Throw<ArgumentException>(() => new AlternatingProcess(JumpProcessTests.OnAxes(1, 1, 1), start)).Message.ShouldContain("2 columns");
        Should.Throw<ArgumentException>(() => new AlternatingProcess(new Dataset(Matrix.FromRows([1.0, 2.0]), Matrix.Column(0), "zero", "test"), start)).Message.ShouldContain("only targets 0");
        Should.Throw<ArgumentOutOfRangeException>(() => new AlternatingOptions { Tolerance = 1 }).Message.ShouldContain("1E-13");
        Should.Throw<ArgumentOutOfRangeException>(() => new AlternatingOptions { MaximumJumps = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new AlternatingOptions { CoincidenceDistance = double.NaN });
        Should.Throw<ArgumentOutOfRangeException>(() => new AlternatingOptions { TransitionTime = 0 });
        Should.Throw<OperationCanceledException>(() => new AlternatingProcess(JumpCases.Toy, start, options: null, new CancellationToken(canceled: true)));
    }
}
