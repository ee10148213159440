using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Capacity.Tickets;

/// <summary>Which neurons and weights will be large after training, from the start alone: two working definitions of ours [H].</summary>
/// <remarks>
/// <para>Under a constant M a norm product tends to ¼ e^{H_j + 2 s_j t}, H_j the head start and s_j the pull of <see cref="NeuronRecord"/> [D]. <see cref="OfHeadStart"/> ranks neurons by H_j at
/// the start: right among neurons of one gate that stays.</para>
/// <para><see cref="OfEarlyFlow"/> lets every neuron move alone under the residual signal of the start, so that gates change as they do while the network is too small to be seen. A neuron alone
/// with its target (q, p) stops, to first order of the residual signal, at V_j = s_j / ((1/n) Σ_k A_jk (qᵀ C_k q) ⟨p, x_k⟩²), C_k the curvature of the loss at the start. The neurons of one output and
/// sign, those with one largest coordinate of q and its sign, grow until Σ p_j/V_j = 1 and keep their shares then. After a time of <see cref="AlignmentTime"/> in units of the largest pull the
/// formula above goes on for them, so that the cost does not depend on the scale of the start. For tiny starts on two orthogonal inputs of different signs this is the limit of the flow under
/// squared loss [D]; in general it leaves out what the groups do to each other.</para>
/// Source: [Race] for the principle that the start explains the winners.
/// </remarks>
public sealed class TicketPrediction
{
    /// <summary>The time of the early flow, in units of 1/(the largest pull of any neuron): what is not aligned shrinks by e^{−2 · 12} for a neuron of that pull.</summary>
    public const double AlignmentTime = 12;

    // Steps in the same unit: a step's relative error of a growth by e^h is h²/2, alike for neurons of one pull.
    private const double Step = 0.02;

    private const int StepsOfStretch = 25;

    private TicketPrediction(double[] logNormProducts, double[] logWeights)
    {
        LogNormProducts = logNormProducts;
        LogWeights = logWeights;
    }

    /// <summary>ln of the norm product ‖a_j‖‖w_j‖ by which neurons are ranked, length m; −∞ for a neuron without incoming or outgoing weight.</summary>
    public IReadOnlyList<double> LogNormProducts { get; }

    /// <summary>ln of the magnitude by which weights are ranked: W (m × d, row-major) and then A (m × c); that of a balanced neuron along its target.</summary>
    public IReadOnlyList<double> LogWeights { get; }

    /// <summary>The logarithms by which units of a kind are ranked.</summary>
    public IReadOnlyList<double> LogSizes(TicketUnit unit) => unit == TicketUnit.Neuron ? LogNormProducts : LogWeights;

    /// <summary>Predicts by the head start at the start; a neuron without a target comes last. Cost O(n m (d + r c + c²)), r = n where d ≥ 4n and d elsewhere.</summary>
    public static TicketPrediction OfHeadStart(TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        StartingGrowth[] growths = new FrozenProblem(problem).GrowthsOf(problem.Start);
        double[] products = [.. growths.Select(growth => growth.Group is null ? double.NegativeInfinity : growth.LogBase)];
        return new TicketPrediction(products, WeightsOf(problem.Start, growths, products));
    }

    /// <summary>Predicts by the early flow. Cost that of 600 steps of descent and 25 times <see cref="OfHeadStart"/>.</summary>
    public static TicketPrediction OfEarlyFlow(TrainingProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var frozen = new FrozenProblem(problem);
        ReluNetwork network = problem.Start;
        StartingGrowth[] growths = frozen.GrowthsOf(network);
        var products = new double[network.Width];
        Array.Fill(products, double.NaN);
        for (int stretch = 0; stretch < AlignmentTime / (Step * StepsOfStretch) && products.Any(double.IsNaN) && frozen.LargestPull > 0; stretch++)
        {
            ReluNetwork before = network;
            network = Advance(frozen, before);
            growths = frozen.GrowthsOf(network);
            SettleGroups(growths, group => FittedWithin(group, growths, before, network), products);
        }

        SettleGroups(growths, group => FittedLater(group, growths), products);
        for (int j = 0; j < products.Length; j++)
        {
            products[j] = double.IsNaN(products[j]) ? growths[j].LogBase : products[j];
        }

        return new TicketPrediction(products, WeightsOf(network, growths, products));
    }

    private static ReluNetwork Advance(FrozenProblem frozen, ReluNetwork network)
    {
        var descent = new GradientDescent(new GradientDescentOptions { Step = Step / frozen.LargestPull });
        return descent.Follow(new TrainingProblem(frozen.Data, network, FrozenResidual.Instance), new StopRule { Steps = StepsOfStretch }, SaveTimes.EndsOnly).End.Network;
    }

    // Writes the norm products of the members, that have none yet, of every group that has fitted.
    private static void SettleGroups(StartingGrowth[] growths, Func<int[], Func<int, double>?> fitted, double[] products)
    {
        foreach (IGrouping<(int, int)?, int> group in Enumerable.Range(0, growths.Length).Where(j => growths[j].Group is not null && double.IsNaN(products[j])).GroupBy(j => growths[j].Group).ToArray())
        {
            if (fitted([.. group]) is { } logProduct)
            {
                foreach (int j in group)
                {
                    products[j] = logProduct(j);
                }
            }
        }
    }

    // Norm products between two points, logarithms linear in time, where a group fits; null where it has not at the second.
    private static Func<int, double>? FittedWithin(int[] group, StartingGrowth[] growths, ReluNetwork before, ReluNetwork after)
    {
        double At(int j, double share) => ((1 - share) * before.LogNormProduct(j)) + (share * after.LogNormProduct(j));
        double Fitted(double share) => group.Sum(j => Math.Exp(At(j, share) - growths[j].LogSaturation));
        if (Fitted(1) < 1)
        {
            return null;
        }

        double share = LeastWith(Fitted, 1);
        return j => At(j, share);
    }

    private static Func<int, double> FittedLater(int[] group, StartingGrowth[] growths)
    {
        double latest = Math.Max(0, group.Min(j => (growths[j].LogSaturation - growths[j].LogBase) / (2 * growths[j].Pull)));
        double time = LeastWith(t => group.Sum(j => Math.Exp(growths[j].LogNormProduct(t) - growths[j].LogSaturation)), latest);
        return j => growths[j].LogNormProduct(time);
    }

    // The least argument in [0, most] at which a function that has grown to 1 at the end has done so.
    private static double LeastWith(Func<double, double> fitted, double most)
    {
        double low = 0, high = most;
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return high;
            }

            (low, high) = fitted(middle) < 1 ? (middle, high) : (low, middle);
        }
    }

    private static double[] WeightsOf(ReluNetwork network, StartingGrowth[] growths, double[] products)
    {
        int m = network.Width, d = network.InputDimension, c = network.OutputDimension;
        var logs = new double[m * (d + c)];
        for (int j = 0; j < m; j++)
        {
            bool grows = growths[j].Group is not null;
            double scale = grows || double.IsInfinity(products[j]) ? products[j] / 2 : network.LogScales[j];
            Write(grows ? growths[j].Incoming : network.InputWeights.Row(j), scale, logs.AsSpan(j * d, d));
            Write(grows ? growths[j].Outgoing : network.OutputWeights.Row(j), scale, logs.AsSpan((m * d) + (j * c), c));
        }

        return logs;
    }

    private static void Write(ReadOnlySpan<double> direction, double logScale, Span<double> target)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = logScale + Math.Log(Math.Abs(direction[i]));
        }
    }
}
