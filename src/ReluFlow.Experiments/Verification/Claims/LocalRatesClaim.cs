using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Experiments.Verification.Claims;

/// <summary>At the end the loss decays at twice the smallest eigenvalue of ‖u‖ Δ^{1/2} (I + û ûᵀ) Δ^{1/2} of the sign that jumps last.</summary>
internal sealed class LocalRatesClaim : Claim
{
    // The other modes' part of the decay where the fit begins is at most Excited, and the fit's own error is far below it.
    private const double Error = 2e-3;

    /// <summary>The next eigenvalue over the smallest: nearer ones have not decayed at the loss where the flow ends.</summary>
    private const double LeastGap = 1.3;

    private const double FitFactor = 1e4;

    /// <summary>How far the rate of the residual may lie above the smallest eigenvalue where the fit begins.</summary>
    private const double Excited = 1e-3;

    private const int Points = 300;

    private static readonly LogNumber s_scale = Draw.PowerOfTen(-1000);

    private readonly double _factor;

    public LocalRatesClaim()
        : this(factor: 1)
    {
    }

    /// <summary>With factor times the rate, for tests.</summary>
    internal LocalRatesClaim(double factor)
        : base(
            "local-rates",
            "the loss decays at twice the smallest eigenvalue of ‖u‖ Δ^½ (I + ûûᵀ) Δ^½",
            "derived from [GF] section 4",
            "orthogonal inputs, balanced start, (2), (3) by more than 6%; a next eigenvalue 30% above the smallest, whose mode is excited; λ = 1e-1000",
            new Quantity("relative deviation of the rate", Error)) => _factor = factor;

    public override Trial Try(RandomStream stream, CancellationToken cancellation)
    {
        Instance unit = Draw.Orthogonal(stream);
        if (!unit.HasWinners())
        {
            return Trial.Skip(unit, Draw.NoWinner);
        }

        var predictions = new OrthogonalPredictions(unit.Data);
        PredictedJump last = predictions.Jumps[^1];
        if (predictions.Jumps.Count == 2 && predictions.Jumps[0].Rate < (1 + Draw.Coincidence) * last.Rate)
        {
            return Trial.Skip(unit, Draw.EqualRates);
        }

        var rates = LocalRates.Of(unit.Data);
        IReadOnlyList<double> own = last.Sign > 0 ? rates.Positive : rates.Negative;
        if (own.Count > 1 && own[1] < LeastGap * own[0])
        {
            return Trial.Skip(unit, "the two smallest eigenvalues are near each other");
        }

        double decay = rates.LossDecayOf(last.Sign), jump = last.Time(s_scale), window = 60 / last.Rate;
        double[] saves = [.. Enumerable.Range(0, Points + 1).Select(i => jump - window + ((double)i / Points * ((2 * window) + (60 / decay))))];
        Instance instance = unit.AtScale(s_scale) with { Time = saves[^1], Loss = 1e-18 * predictions.PlateauLosses[^2], Tolerance = 1e-11 };
        Trajectory run = instance.Follow(SaveTimes.At(saves), cancellation);
        if (run.Status != SolveStatus.Interpolated || LossDecay.Fit(run, FitFactor) is not { } fit)
        {
            return Trial.Missed(instance, run, Quantities.Count);
        }

        // Where two inputs have nearly one norm the path hardly leaves the fastest mode, and the slowest is not seen at losses within reach.
        TrajectoryPoint first = run.Points.First(point => point.Loss <= FitFactor * run.End.Loss);
        return RateOfResidual(unit.Data, first.Network, last.Sign) > (1 + Excited) * own[0]
            ? Trial.Skip(instance, "the slowest mode is hardly excited")
            : Trial.Of(instance, Math.Abs((fit.Rate / (_factor * decay)) - 1));
    }

    /// <summary>rᵀKr / rᵀr over the samples of a sign, K = ‖u‖ Δ^½ (I + ûûᵀ) Δ^½: the smallest eigenvalue where r lies along its eigenvector.</summary>
    private static double RateOfResidual(Dataset data, ReluNetwork network, int sign)
    {
        var outputs = new double[data.Samples];
        network.Evaluate(data.Inputs, outputs);
        double square = 0, weighted = 0, along = 0, norm = 0;
        foreach (int k in Enumerable.Range(0, data.Samples).Where(k => sign * data.Targets[k, 0] > 0))
        {
            double r = data.Targets[k, 0] - outputs[k], x = TensorPrimitives.Norm(data.Inputs.Row(k)), u = Math.Abs(data.Targets[k, 0]) / x;
            square += r * r;
            weighted += r * r * x * x;
            along += r * x * u;
            norm += u * u;
        }

        return Math.Sqrt(norm) / data.Samples * (weighted + (along * along / norm)) / square;
    }
}
