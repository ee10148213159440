using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Capacity.Tickets;

/// <summary>Iterative pruning with rewinding: train to the end, prune the smallest units, rewind the others, train again; beside each ticket its controls and what the start predicted.</summary>
/// <remarks>
/// A round prunes of each layer the nearest whole number to p times the units left (halves up), at least one, and leaves at least one. Neurons are pruned by ‖a_j‖‖w_j‖ and really removed; weights by
/// magnitude within their layer, those of A at half the share, and masked. Weights that are rewound have the bits that they had, but for the rounding of a neuron that loses weights and
/// is normalised anew. Momentum, moments and the order of mini-batches begin anew in every run. Results do not depend on the number of threads. Source: [LTH]; the prediction is ours [H].
/// </remarks>
public sealed class TicketSearch
{
    // A stream of its own: the same seed draws the start.
    private const ulong Stream = 0x5449_434B_4554_5331;

    private readonly TicketTraining _training;
    private readonly TicketOptions _options;
    private readonly TicketUnits _units;
    private readonly IReadOnlyList<int[]> _sizes;

    /// <summary>Prepares a search.</summary>
    /// <param name="training">What is trained and how.</param>
    /// <param name="options">Unit, rounds, share, rewinding; null for the defaults.</param>
    public TicketSearch(TicketTraining training, TicketOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        _training = training;
        _options = options ?? new TicketOptions();
        _units = TicketUnits.Of(training, _options);
        _sizes = _units.Sizes(_options.Rounds);
        HeadStart = TicketPrediction.OfHeadStart(training.Problem);
        EarlyFlow = TicketPrediction.OfEarlyFlow(training.Problem);
    }

    /// <summary>The units left after 0, 1, … rounds.</summary>
    public IReadOnlyList<int> Sizes => [.. _sizes.Select(layers => layers.Sum())];

    /// <summary>What head starts predict.</summary>
    public TicketPrediction HeadStart { get; }

    /// <summary>What the early flow predicts of the full network: the first step of the prediction that <see cref="TicketArm.Predicted"/> trains, which prunes and predicts round by round as the search does.</summary>
    public TicketPrediction EarlyFlow { get; }

    /// <summary>Searches, round by round: a round is computed when it is asked for. Cost that of 1 + 5R runs, each of a smaller network than those before.</summary>
    /// <param name="observer">Sees every run; may be null.</param>
    /// <param name="cancellation">Ends the search: rounds that are complete have been given, the one at hand is not.</param>
    /// <returns>The full network and then each size. The last one has a run that failed where the search could not go on.</returns>
    public IEnumerable<TicketRound> Follow(ITicketObserver? observer = null, CancellationToken cancellation = default)
    {
        int[] kept = _units.All, predicted = kept;
        observer?.Begins(0, kept.Length, TicketArm.Ticket);
        Trajectory full = _units.LawOf(kept).Follow(_training.Problem, _training.Stop, _training.Saves, observer, cancellation);
        TicketRun ticket = RunOf(TicketArm.Ticket, kept, full);
        if (full.Status == SolveStatus.Interrupted)
        {
            yield break;
        }

        yield return RoundOf(0, kept, kept, [ticket]);
        var controls = new RandomStream(_options.Seed ^ Stream);
        Rewound early = RewoundTo(full, PointAt(full, _options.RewindTime)), late = RewoundTo(full, _options.LateTime is { } time ? PointAt(full, time) : EndOfPlateau(full));
        for (int round = 1; round < _sizes.Count && !ticket.HasFailed; round++)
        {
            kept = _units.Largest(kept, _units.LogSizes(ticket.Network, kept), _sizes[round]);
            predicted = _units.Largest(predicted, PredictedLogSizes(predicted), _sizes[round]);
            var runs = new List<TicketRun>();
            foreach ((TicketArm arm, int[] units, Rewound from) in Arms(kept, predicted, (early, late), controls))
            {
                observer?.Begins(round, units.Length, arm);
                runs.Add(Train(arm, units, from, observer, cancellation));
                if (runs[^1].Status == SolveStatus.Interrupted)
                {
                    yield break;
                }

                if (runs[^1].HasFailed)
                {
                    yield return RoundOf(round, kept, predicted, runs);
                    yield break;
                }
            }

            ticket = runs[0];
            yield return RoundOf(round, kept, predicted, runs);
        }
    }

    // The weights of the full network at a time, and how long training goes on from there.
    private sealed record Rewound(ReluNetwork Network, StopRule Stop);

    private IEnumerable<(TicketArm Arm, int[] Units, Rewound From)> Arms(int[] kept, int[] predicted, (Rewound Early, Rewound Late) rewound, RandomStream controls)
    {
        // Drawn whether they are used or not, so that the subset does not depend on there being a law of the start.
        ulong seed = controls.NextBits();
        int[] order = controls.NextPermutation(_units.All.Length);
        int[] counts = [.. _units.Layers.Select(layer => kept.Count(layer.Has))];
        yield return (TicketArm.Ticket, kept, rewound.Early);
        if (_training.Redraw is { } redraw)
        {
            yield return (TicketArm.Reinitialised, kept, new Rewound(redraw(seed), _training.Stop));
        }

        yield return (TicketArm.RandomSubset, _units.Largest(_units.All, [.. order.Select(place => (double)place)], counts), rewound.Early);
        yield return (TicketArm.LateRewinding, kept, rewound.Late);
        yield return (TicketArm.Predicted, predicted, rewound.Early);
    }

    // Neurons share the fit with those that are left, so what they reach is predicted anew; a network of some weights has other targets, and its weights keep their rank.
    private double[] PredictedLogSizes(int[] units) => _options.Unit == TicketUnit.Weight
        ? [.. units.Select(unit => EarlyFlow.LogWeights[unit])]
        : [.. TicketPrediction.OfEarlyFlow(ProblemOf(_training.Problem.Start, units)).LogNormProducts];

    private TrainingProblem ProblemOf(ReluNetwork full, int[] units) => new(_training.Problem.Data, _units.Of(full, units), _training.Problem.Loss);

    private TicketRun Train(TicketArm arm, int[] units, Rewound from, ITicketObserver? observer, CancellationToken cancellation)
    {
        TrainingProblem problem = ProblemOf(from.Network, units);
        return RunOf(arm, units, _units.LawOf(units).Follow(problem, from.Stop, SaveTimes.EndsOnly, observer, cancellation));
    }

    private static TicketRun RunOf(TicketArm arm, int[] units, Trajectory trajectory) =>
        new(arm, units, trajectory.Start.Network, trajectory.End.Network, trajectory.End.Loss, trajectory.Status, trajectory.Message);

    private TicketRound RoundOf(int round, int[] kept, int[] predicted, IReadOnlyList<TicketRun> runs) => new()
    {
        Round = round,
        Survivors = kept,
        Neurons = _units.NeuronsOf(kept),
        Predicted = predicted,
        PredictedByHeadStart = _units.Largest(_units.All, HeadStart.LogSizes(_options.Unit), _sizes[round]),
        ChanceOverlap = _units.Layers.Zip(_sizes[round], (layer, size) => (double)size * size / layer.Count).Sum() / kept.Length,
        Runs = runs,
    };

    private Rewound RewoundTo(Trajectory full, int point)
    {
        double time = full.Points[point].Time;
        if (time == 0)
        {
            return new Rewound(_training.Problem.Start, _training.Stop);
        }

        // A flow's limit of steps is one of work, a descent's is one of time.
        StopRule stop = _training.Stop;
        bool limitsSteps = full.Invariants is null && stop.Steps < long.MaxValue;
        long steps = limitsSteps ? (long)Math.Round(time / full.End.Time * full.Work["steps"]) : 0;
        return new Rewound(full.Points[point].Network, stop with { Time = stop.Time - time, Steps = Math.Max(1, stop.Steps - steps) });
    }

    // The last kept point at or before a time, the end apart.
    private static int PointAt(Trajectory full, double time) => Math.Max(0, full.Points.SkipLast(1).Count(point => point.Time <= time * (1 + TrajectoryRecorder.TimeRounding)) - 1);

    private static int EndOfPlateau(Trajectory full) => Math.Clamp(Race.LastOfFirstPlateau(full.Points, new RaceOptions().PlateauShare), Math.Min(1, full.Points.Count - 2), Math.Max(0, full.Points.Count - 2));
}
