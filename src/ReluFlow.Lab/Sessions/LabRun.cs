using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Threading.Channels;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Neurons;
using ReluFlow.Theory.Saddles;

namespace ReluFlow.Lab.Sessions;

/// <summary>A run of a page: its points as the solver saves them, kept until the page asks for another run or goes away.</summary>
internal sealed class LabRun : IProgressObserver, IDisposable
{
    private const int IdBytes = 16;

    // Events are paid for by so many: the list that keeps them has room ahead, too.
    private const int EventsAtOnce = 1 << 14;

    private readonly Lock _lock = new();
    private readonly List<TrajectoryPoint> _points = [];
    private readonly Channel<SavedPoint> _saved = Channel.CreateUnbounded<SavedPoint>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly HeldBytes.Reservation _reservation;
    private readonly CancellationTokenSource _full = new();
    private readonly CancellationTokenSource _letGo = new();
    private (Trajectory Trajectory, Summary Summary)? _result;
    private NeuronLedger? _ledger;
    private long _paidEvents, _spareBytes;

    /// <param name="request">The request that asked for it.</param>
    /// <param name="experiment">What is run.</param>
    /// <param name="reservation">The memory it uses, by <see cref="RunCost"/>; given back with the run.</param>
    /// <param name="spareBytes">How much more it may take for gate events.</param>
    public LabRun(uint request, Experiment experiment, HeldBytes.Reservation reservation, long spareBytes)
    {
        Request = request;
        Experiment = experiment;
        Frames = new FrameWriter(experiment.Problem);
        _reservation = reservation;
        _paidEvents = (long)experiment.Problem.Data.Samples * experiment.Problem.Start.Width;
        _spareBytes = spareBytes;
        LetGo = _letGo.Token;
    }

    /// <summary>The request that asked for it.</summary>
    public uint Request { get; }

    /// <summary>What is run.</summary>
    public Experiment Experiment { get; }

    /// <summary>What makes its frames.</summary>
    public FrameWriter Frames { get; }

    /// <summary>ln ‖∇L‖ of each point once the run has ended.</summary>
    public IReadOnlyList<double?> LogGradientNorms { get; private set; } = [];

    /// <summary>A name that nobody guesses.</summary>
    public string Id { get; } = RandomNumberGenerator.GetHexString(2 * IdBytes, lowercase: true);

    /// <summary>Is cancelled when the run is let go: nothing is computed from it any more.</summary>
    public CancellationToken LetGo { get; }

    /// <summary>The points in order as they become certain; complete after the last.</summary>
    public ChannelReader<SavedPoint> Saved => _saved.Reader;

    /// <summary>Computes the run; its points come through <see cref="Saved"/> meanwhile.</summary>
    public Summary Compute(int threads, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            var options = new RunOptions { Threads = threads, Observer = this, Clock = clock };
            using var either = CancellationTokenSource.CreateLinkedTokenSource(_full.Token, cancellation);
            (Trajectory Trajectory, Summary Summary) result = ExperimentRunner.Compute(Experiment, options, either.Token);
            if (_full.IsCancellationRequested)
            {
                result.Summary = result.Summary with { Message = $"the run ended since there is no memory for more than its {result.Trajectory.Events.Count} gate events" };
            }

            Add(result.Trajectory.Points.Count - 1, result.Trajectory.End, isLast: true);
            LogGradientNorms = [.. GradientNorms.LogsAlong(result.Trajectory, Experiment.Problem).Select(log => double.IsFinite(log) ? log : (double?)null)];
            lock (_lock)
            {
                _result = result;
            }

            return result.Summary;
        }
        finally
        {
            _saved.Writer.TryComplete();
        }
    }

    /// <inheritdoc/>
    public void Accepted(in ProgressPoint point)
    {
        while (point.Events > _paidEvents && !_full.IsCancellationRequested)
        {
            long bytes = EventsAtOnce * (long)Unsafe.SizeOf<GateEvent>();
            _spareBytes -= bytes;
            _paidEvents += EventsAtOnce;
            if (_spareBytes < 0 || !_reservation.TryGrow(bytes))
            {
                _full.Cancel();
            }
        }
    }

    /// <inheritdoc/>
    public void Kept(TrajectoryPoint point) => Add(_points.Count, point, isLast: false);

    /// <summary>The point of a frame that was made or can be.</summary>
    /// <exception cref="RefusedException">There is none yet.</exception>
    public TrajectoryPoint PointOf(int frame)
    {
        lock (_lock)
        {
            return frame < _points.Count ? _points[frame] : throw new RefusedException($"frame is {frame}; run {Request} has {_points.Count} so far, counted from 0.", "frame");
        }
    }

    /// <summary>The ledger of the whole run, read once. Cost as for <see cref="NeuronLedger.Of"/>.</summary>
    /// <exception cref="RefusedException">The run is under way.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public NeuronLedger ReadLedger(CancellationToken cancellation)
    {
        Trajectory trajectory;
        lock (_lock)
        {
            trajectory = _result?.Trajectory ?? throw new RefusedException($"run {Request} is under way; its ledger can be read when it has finished.", "of");
        }

        return _ledger ??= NeuronLedger.Of(trajectory, Experiment.Problem, options: null, cancellation);
    }

    /// <summary>Ends what is computed from it and gives the memory back.</summary>
    public void Dispose()
    {
        _letGo.Cancel();
        _letGo.Dispose();
        _full.Dispose();
        _reservation.Dispose();
    }

    // Only the run's own thread adds. The end of a run without a step takes the place of the start.
    private void Add(int index, TrajectoryPoint point, bool isLast)
    {
        lock (_lock)
        {
            _points.RemoveRange(index, _points.Count - index);
            _points.Add(point);
        }

        _saved.Writer.TryWrite(new SavedPoint(index, point, isLast));
    }
}
