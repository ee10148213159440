using ReluFlow.Capacity.Tickets;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Reductions;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Tickets;

/// <summary>What became of a unit of a full network.</summary>
/// <param name="Seed">The seed of its start.</param>
/// <param name="Unit">Its number.</param>
/// <param name="Survived">The rounds that it survived, of those that are complete.</param>
/// <param name="EarlyFlow">ln of the size that the early flow predicts.</param>
/// <param name="HeadStart">ln of the size by which the head start ranks it.</param>
public readonly record struct UnitFate(ulong Seed, int Unit, int Survived, double EarlyFlow, double HeadStart);

/// <summary>Searches for lottery tickets of one experiment from several starts, measured on its data.</summary>
public sealed class TicketStudy
{
    private readonly List<TicketRoundResult> _results = [];
    private readonly List<UnitFate> _fates = [];
    private readonly CancellationToken _cancellation;
    private string? _failure;

    private TicketStudy(Experiment experiment, TicketRequest request, Func<int, TicketSearch, ITicketObserver>? observerOf, CancellationToken cancellation)
    {
        Experiment = experiment;
        using var wall = new CancellationTokenSource(experiment.Spec.Stop.Wall ?? Timeout.InfiniteTimeSpan, request.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(wall.Token, cancellation);
        _cancellation = either.Token;
        ulong[] seeds = [.. Enumerable.Range(0, request.Seeds).Select(i => unchecked(experiment.Spec.Initial.Seed + (ulong)i))];
        for (int i = 0; i < seeds.Length && _failure is null && !_cancellation.IsCancellationRequested; i++)
        {
            Search(seeds[i], request, search => observerOf?.Invoke(i, search));
        }

        Summary = new TicketSummary
        {
            Experiment = experiment.Spec.Name,
            Hash = experiment.Hash,
            Unit = KebabName.Of(request.Options.Unit),
            Share = request.Options.Share,
            Rounds = request.Options.Rounds,
            RewindTime = request.Options.RewindTime,
            LateTime = request.Options.LateTime,
            Status = _failure is not null ? "failed" : cancellation.IsCancellationRequested ? "interrupted" : wall.IsCancellationRequested ? "wall-reached" : TicketSummary.Complete,
            Message = _failure,
            Seeds = seeds,
            Sizes = TicketSummary.SpreadOf(_results),
            Results = _results,
        };
    }

    /// <summary>What was trained.</summary>
    public Experiment Experiment { get; }

    /// <summary>The numbers.</summary>
    public TicketSummary Summary { get; }

    /// <summary>Every unit of every start that was trained.</summary>
    public IReadOnlyList<UnitFate> Fates => _fates;

    /// <summary>Searches. Cost that of 1 + 5R runs a seed. Where it is cut short, by the user or <c>stop.wall</c>, the rounds that were complete are kept.</summary>
    /// <param name="experiment">What is trained; its analyses are not computed.</param>
    /// <param name="request">What is searched for.</param>
    /// <param name="observerOf">Who sees the search from the i-th seed; may be null.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InputException">Experiment and request do not fit together.</exception>
    public static TicketStudy Of(Experiment experiment, TicketRequest request, Func<int, TicketSearch, ITicketObserver>? observerOf = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        ArgumentNullException.ThrowIfNull(request);
        request.RequireFits(experiment.Spec);
        return new TicketStudy(experiment, request, observerOf, cancellation);
    }

    private void Search(ulong seed, TicketRequest request, Func<TicketSearch, ITicketObserver?> observerOf)
    {
        bool isDrawn = Experiment.Spec.Initial.IsDrawn;
        Experiment seeded = isDrawn ? Experiment.WithInitialSeed(seed, CancellationToken.None) : Experiment;
        if (ExperimentRunner.FailedAtStart(seeded.Problem) is { } atStart)
        {
            _failure = $"seed {seed}: {atStart.Message}";
            return;
        }

        var training = new TicketTraining
        {
            Problem = seeded.Problem,
            Law = mask => seeded.DynamicsOn(request.Threads, mask),
            Stop = seeded.Stop,
            Saves = seeded.Saves,
            Redraw = isDrawn ? other => seeded.WithInitialSeed(other, CancellationToken.None).Problem.Start : null,
        };
        var search = new TicketSearch(training, request.Options with { Seed = seed });
        int[] survived = new int[search.Sizes[0]];
        foreach (TicketRound round in search.Follow(observerOf(search), _cancellation))
        {
            if (round.Runs.FirstOrDefault(run => run.HasFailed) is { } failed)
            {
                _failure = $"seed {seed}, {round.Size} units, {KebabName.Of(failed.Arm)}: {failed.Message}";
                break;
            }

            _results.Add(ResultOf(seed, round));
            foreach (int unit in round.Survivors)
            {
                survived[unit] = round.Round;
            }
        }

        _fates.AddRange(survived.Select((rounds, unit) => new UnitFate(seed, unit, rounds, search.EarlyFlow.LogSizes(request.Options.Unit)[unit], search.HeadStart.LogSizes(request.Options.Unit)[unit])));
    }

    private TicketRoundResult ResultOf(ulong seed, TicketRound round) => new(
        seed, round.Round, round.Size, round.Neurons, round.Precision, round.Recall, round.HeadStartPrecision, round.ChanceOverlap, [.. round.Runs.Select(ResultOf)]);

    private TicketArmResult ResultOf(TicketRun run)
    {
        ExperimentData data = Experiment.Data;
        double? heldOut = data.HeldOut is { } other ? Experiment.Problem.Loss.Mean(NetworkOutputs.Of(run.Network, other.Inputs, CancellationToken.None), other.Targets) : null;
        return new TicketArmResult(KebabName.Of(run.Arm), KebabName.Of(run.Status), run.Loss, heldOut, Accuracy.Of(run.Network, data));
    }
}
