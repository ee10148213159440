namespace ReluFlow.Neurons;

/// <summary>
/// ‖a‖‖w‖(t) beside a(0)(cosh η + cos δ₀ sinh η)², η = ‖D‖t, for the neurons and stretches of time where that is exact: gradient flow, one output, balanced, D constant.
/// </summary>
/// <remarks>
/// For each neuron the stretch ends at the last kept point, not after the early one, at which the residual signal is the start's up to half of
/// <see cref="RaceOptions.StillShare"/> of its pull, and begins at the first from which on its gate stays the same and its D moves by at most that share of itself, balanced
/// at both ends; a neuron whose stretch is one point is left out, and all are where the law is another (<see cref="RaceOptions.FollowsGradient"/>). A share ε of motion leaves a deviation of about 2 ε η, and a descent deviates by its step.
/// </remarks>
public sealed record ClosedFormCheck
{
    /// <summary>The neurons to which it applied.</summary>
    public required IReadOnlyList<int> Neurons { get; init; }

    /// <summary>max_j |ln ‖a_j‖‖w_j‖ − ln of the closed form| over them, at the ends of their stretches; NaN without any.</summary>
    public required double Deviation { get; init; }

    /// <summary>The largest η among them; NaN without any.</summary>
    public required double LargestRapidity { get; init; }

    /// <summary>Whether it applied to any neuron.</summary>
    public bool Applied => Neurons.Count > 0;

    /// <summary>ln(cosh η + cos δ sinh η) without overflow: η + ln ½[(1 + cos δ) + (1 − cos δ)e^{−2η}]. [D]</summary>
    public static double LogBoost(double angle, double rapidity)
    {
        // 1 ± cos δ by half-angles, accurate at both ends.
        double sine = Math.Sin(angle / 2), cosine = Math.Cos(angle / 2);
        return rapidity + Math.Log((cosine * cosine) + (sine * sine * Math.Exp(-2 * rapidity)));
    }

    internal static ClosedFormCheck Of(NeuronLedger ledger, int early, RaceOptions options)
    {
        var neurons = new List<int>();
        double deviation = double.NaN, rapidity = double.NaN;
        bool applies = options.FollowsGradient && ledger.Points[0].Network.OutputDimension == 1;
        for (int j = 0; j < ledger.Width && applies; j++)
        {
            int last = LastUnmoved(ledger, early, j, options), first = FirstStill(ledger, last, j, options);
            if (first == last)
            {
                continue;
            }

            NeuronRecord from = ledger[first, j];
            double eta = from.Pull * (ledger.Points[last].Time - ledger.Points[first].Time);
            double expected = from.LogNormProduct + (2 * LogBoost(from.Angle, eta));
            neurons.Add(j);
            deviation = MaxNumber(deviation, Math.Abs(ledger[last, j].LogNormProduct - expected));
            rapidity = MaxNumber(rapidity, eta);
        }

        return new ClosedFormCheck { Neurons = neurons, Deviation = deviation, LargestRapidity = rapidity };
    }

    private static double MaxNumber(double one, double other) => double.IsNaN(one) ? other : Math.Max(one, other);

    private static int LastUnmoved(NeuronLedger ledger, int early, int neuron, RaceOptions options)
    {
        int last = early;
        while (last > 0 && !(2 * ledger.ResidualDrift[last] <= options.StillShare * ledger[last, neuron].Pull))
        {
            last--;
        }

        return last;
    }

    private static int FirstStill(NeuronLedger ledger, int last, int neuron, RaceOptions options)
    {
        NeuronRecord end = ledger[last, neuron];
        int first = last;
        while (first > 0 && IsBalanced(end) && IsStill(first - 1))
        {
            first--;
        }

        return first;

        // κ is conserved, so a neuron that shrinks loses its balance.
        bool IsBalanced(NeuronRecord record) => Math.Abs(record.Imbalance) <= options.BalancedWithin;

        bool IsStill(int point)
        {
            NeuronRecord record = ledger[point, neuron];
            double drift = ledger.ResidualDrift[point] + ledger.ResidualDrift[last];
            return record.Gate == end.Gate && IsBalanced(record) && !double.IsNaN(record.Angle)
                && drift <= options.StillShare * end.Pull && Math.Abs(record.Pull - end.Pull) <= options.StillShare * end.Pull;
        }
    }
}
