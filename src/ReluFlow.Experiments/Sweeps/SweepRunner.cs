using System.Collections.Concurrent;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>Carries out points of a sweep on the threads of this process. Any number of processes may do so at once, on any machines that see the directory.</summary>
public sealed class SweepRunner
{
    // Data that many runs share; more sets at a time are drawn or read again.
    private const int MostDataSets = 16;

    // How soon runs that other workers have in hand are looked after again.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly SweepDirectory _sweep;
    private readonly SweepRunOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly int _threads;
    private readonly ConcurrentDictionary<DataSpec, Lazy<ExperimentData>> _data = new();
    private readonly SweepSources _sources;
    private readonly Lock _lock = new();
    private SweepProgress _progress;

    private SweepRunner(SweepDirectory sweep, int points, SweepRunOptions options, CancellationToken cancellation)
    {
        _sweep = sweep;
        _options = options;
        _cancellation = cancellation;
        _sources = new SweepSources(sweep);
        _threads = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        _progress = new SweepProgress(points, 0, 0, 0, 0);
    }

    /// <summary>Runs points that have no run yet: one thread each while there are as many as threads, several threads each where there are fewer.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="points">Their indices.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Abandons the runs in hand, of which nothing is kept.</param>
    /// <returns>How far it came: all points, unless it was cancelled or <see cref="SweepRunOptions.MaxFailures"/> was reached.</returns>
    /// <remarks>
    /// A run that fails is recorded, in its summary or as the point's error, and the others go on. Runs that other workers have in hand are waited for, and taken over should
    /// those workers die.
    /// </remarks>
    /// <exception cref="InputException">The directory cannot be written, or its runs are of another version or of other data.</exception>
    public static SweepProgress Run(SweepDirectory sweep, IReadOnlyList<int> points, SweepRunOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(options);
        var runner = new SweepRunner(sweep, points.Count, options, cancellation);
        using var worker = new SweepWorker(sweep, options.Clock);
        runner._sources.RequireUnchanged(cancellation);
        var claims = new RunClaim.Taker(sweep, worker, options.Clock);
        IReadOnlyList<int> left = points;
        while (left.Count > 0 && !runner.IsOver)
        {
            left = runner.Round(left, claims);
            if (left.Count > 0 && !runner.IsOver)
            {
                cancellation.WaitHandle.WaitOne(s_patience);
            }
        }

        RunClaim.ForgetDone(sweep);
        return runner._progress;
    }

    private bool IsOver => _cancellation.IsCancellationRequested || _progress.Failed >= _options.MaxFailures;

    // Looks at every point once and returns those that other workers have in hand.
    private int[] Round(IReadOnlyList<int> points, RunClaim.Taker claims)
    {
        var taken = new ConcurrentBag<int>();
        int next = -1;
        Task[] lanes = [.. Enumerable.Range(0, Math.Min(_threads, points.Count)).Select(_ => Task.Factory.StartNew(Lane, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];

        // Where a lane fails the directory is at fault, so one message is enough.
        ParallelWork.Of(() => Task.WhenAll(lanes).Wait(Timeout.Infinite, CancellationToken.None));
        return [.. taken.Order()];

        void Lane()
        {
            for (int i = Interlocked.Increment(ref next); i < points.Count && !IsOver; i = Interlocked.Increment(ref next))
            {
                if (!TryDo(points[i], claims))
                {
                    taken.Add(points[i]);
                }
            }
        }
    }

    // False where another worker has the point in hand.
    private bool TryDo(int index, RunClaim.Taker claims)
    {
        SweepPoint point;
        try
        {
            point = _sweep.Plan[index];
        }
        catch (InputException invalid)
        {
            Fail(index, invalid.Message);
            return true;
        }

        if (_sweep.IsDone(point))
        {
            Advance(progress => progress with { Found = progress.Found + 1 });
            return true;
        }

        using RunClaim? claim = claims.TryTake(point.Key);
        if (claim is null)
        {
            return false;
        }

        // Its owner before may have finished it since.
        if (_sweep.IsDone(point))
        {
            Advance(progress => progress with { Found = progress.Found + 1 });
        }
        else
        {
            Do(point);
        }

        return true;
    }

    private void Do(SweepPoint point)
    {
        Summary summary;
        try
        {
            _sources.RequireStart(point.Spec);
            Experiment experiment = Experiment.Resolve(point.Spec, _sweep.Plan.Spec.Folder, data => DataOf(data, point.Spec), _cancellation);
            var options = new RunOptions { OutputDirectory = _sweep.RunPathOf(point), OnlyWhole = true, Keep = _sweep.Plan.Spec.Keep, Threads = ThreadsForOne(), Clock = _options.Clock };
            summary = ExperimentRunner.Run(experiment, options, _cancellation).Summary;
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            // Whatever stops one run is that run's affair; a directory that cannot be written refuses the record too.
            Fail(point.Index, failure is InputException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}");
            return;
        }

        _sweep.ForgetError(point.Index);
        bool failed = summary.Status == RunStatus.Failed;
        Advance(progress => progress with { Run = progress.Run + 1, Failed = progress.Failed + (failed ? 1 : 0) });
    }

    private void Fail(int index, string message)
    {
        _sweep.RecordError(index, message);
        Advance(progress => progress with { Run = progress.Run + 1, Failed = progress.Failed + 1, Errors = progress.Errors + 1 });
    }

    private void Advance(Func<SweepProgress, SweepProgress> step)
    {
        SweepProgress now;
        lock (_lock)
        {
            now = _progress = step(_progress);
        }

        _options.Progress?.Invoke(now);
    }

    private int ThreadsForOne() => Math.Max(1, _threads / Math.Max(1, _progress.Left));

    // What is loaded anew is compared with what the runs before had.
    private ExperimentData DataOf(DataSpec request, ExperimentSpec spec)
    {
        if (_data.Count >= MostDataSets && !_data.ContainsKey(request))
        {
            _data.Clear();
        }

        return _data.GetOrAdd(request, asked => new Lazy<ExperimentData>(() =>
        {
            ExperimentData data = DataSource.Load(asked, _cancellation);
            _sources.Require(spec, data);
            return data;
        })).Value;
    }
}
