using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Neurons;

/// <summary>What each neuron does along a trajectory: its gate, target, growth, state and unlockings at every kept point.</summary>
/// <remarks>
/// Of a flow the gates are those it carries, and a neuron that slides feels what acts along its boundaries; of a descent they are those of the weights. Any loss, any number of
/// outputs. States and unlockings are working definitions of ours [H], see <see cref="NeuronState"/> and <see cref="UnlockingCause"/>; the quantities are exact [D].
/// Source: [Race], whose principles they make precise.
/// </remarks>
public sealed class NeuronLedger
{
    private readonly NeuronRecord[] _records;
    private readonly double[] _weakBelow;

    private NeuronLedger(Trajectory trajectory, LedgerOptions options)
    {
        Points = trajectory.Points;
        Options = options;
        Width = trajectory.Start.Network.Width;
        _records = new NeuronRecord[Points.Count * Width];
        _weakBelow = new double[Points.Count];
        var drifts = new double[Points.Count];
        ResidualDrift = drifts;
        LeastGrown = Math.Log(options.GrownShare / Width) + LogLargestVariation(Points);
    }

    /// <summary>The kept points.</summary>
    public IReadOnlyList<TrajectoryPoint> Points { get; }

    /// <summary>m.</summary>
    public int Width { get; }

    /// <summary>The thresholds.</summary>
    public LedgerOptions Options { get; }

    /// <summary>ln of the norm product from which a neuron has grown.</summary>
    public double LeastGrown { get; }

    /// <summary>For each kept point (1/n) Σ_k ‖x_k‖ ‖r_k − r_k(0)‖: between two points with equal gates no M_j moves by more than the sum of theirs.</summary>
    public IReadOnlyList<double> ResidualDrift { get; }

    /// <summary>The unlockings, in order of time and then of neurons. A neuron that never was locked has none.</summary>
    public IReadOnlyList<Unlocking> Unlockings { get; private set; } = [];

    /// <summary>A neuron at a kept point.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such point or neuron.</exception>
    public NeuronRecord this[int point, int neuron] => (uint)neuron < (uint)Width
        ? RecordsAt(point)[neuron]
        : throw new ArgumentOutOfRangeException(nameof(neuron), neuron, $"The network has {Width} neurons.");

    /// <summary>Reads the ledger of a trajectory. Cost O(points · m (n d + n r c + c³)), r = n where d ≥ 4n and d elsewhere; memory O(m (points + n)).</summary>
    /// <param name="trajectory">A run, with the points that were kept.</param>
    /// <param name="problem">What was trained.</param>
    /// <param name="options">Thresholds; null for the defaults.</param>
    /// <param name="cancellation">Ends the reading early.</param>
    /// <exception cref="ArgumentException">Trajectory and problem differ in the shape of their networks.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static NeuronLedger Of(Trajectory trajectory, TrainingProblem problem, LedgerOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(problem);
        RequireShape(trajectory.Start.Network, problem.Start);
        var ledger = new NeuronLedger(trajectory, options ?? new LedgerOptions());
        ledger.Read(trajectory, problem, cancellation);
        for (int j = 0; j < ledger.Width; j++)
        {
            ledger.SetStates(j);
        }

        return ledger;
    }

    /// <summary>All neurons at a kept point, in order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such point.</exception>
    public ReadOnlySpan<NeuronRecord> RecordsAt(int point) => (uint)point < (uint)Points.Count
        ? _records.AsSpan(point * Width, Width)
        : throw new ArgumentOutOfRangeException(nameof(point), point, $"There are {Points.Count} kept points.");

    /// <summary>How many neurons are in a state at a kept point.</summary>
    public int Count(int point, NeuronState state)
    {
        int count = 0;
        foreach (NeuronRecord record in RecordsAt(point))
        {
            count += record.State == state ? 1 : 0;
        }

        return count;
    }

    private static void RequireShape(ReluNetwork network, ReluNetwork expected)
    {
        if (network.Width != expected.Width || network.InputDimension != expected.InputDimension || network.OutputDimension != expected.OutputDimension)
        {
            throw new ArgumentException($"The trajectory's networks have (m, d, c) = ({network.Width}, {network.InputDimension}, {network.OutputDimension}); the problem's start has ({expected.Width}, {expected.InputDimension}, {expected.OutputDimension}).");
        }
    }

    // In logarithms, so that a network whose norm products underflow has one too.
    private static double LogLargestVariation(IReadOnlyList<TrajectoryPoint> points) => points.Max(point =>
    {
        double[] logs = [.. Enumerable.Range(0, point.Network.Width).Select(point.Network.LogNormProduct)];
        double largest = logs.Max();
        return double.IsFinite(largest) ? largest + Math.Log(logs.Sum(log => Math.Exp(log - largest))) : largest;
    });

    private void Read(Trajectory trajectory, TrainingProblem problem, CancellationToken cancellation)
    {
        var reading = new LedgerReading(trajectory, problem);
        var watch = new UnlockingWatch(trajectory);
        var gates = new GateNumbers();
        double[] first = [], drifts = (double[])ResidualDrift;
        double largest = 0;
        for (int i = 0; i < Points.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            reading.Read(Points[i]);
            first = i == 0 ? reading.Residual : first;
            drifts[i] = reading.DriftFrom(first);
            largest = Math.Max(largest, reading.LargestPullNow);
            _weakBelow[i] = Options.PullShare * largest;
            for (int j = 0; j < Width; j++)
            {
                NeuronRecord now = reading.RecordOf(j, gates.Of(reading.GatesOf(j)), _weakBelow[i]);
                _records[(i * Width) + j] = now;
                watch.Take((i, j), reading, (i == 0 ? default : this[i - 1, j], now), (i == 0 ? 0 : _weakBelow[i - 1], _weakBelow[i]));
            }
        }

        Unlockings = watch.Unlockings;
    }

    private void SetStates(int neuron)
    {
        int last = Points.Count - 1;
        double top = Enumerable.Range(0, Points.Count).Max(i => this[i, neuron].LogNormProduct), end = this[last, neuron].LogNormProduct;
        bool decayed = end < LeastGrown && !(end > top + Math.Log(Options.DecayedShare));
        for (int i = last; i >= 0; i--)
        {
            ref NeuronRecord record = ref _records[(i * Width) + neuron];
            decayed &= !(record.GrowthRate > 0);
            record = record with { State = StateOf(record, decayed, record.Pull < _weakBelow[i]) };
        }
    }

    private NeuronState StateOf(NeuronRecord record, bool decayed, bool isWeak)
    {
        bool hasGrown = record.LogNormProduct >= LeastGrown;
        return decayed || record.ActiveSamples == 0 ? NeuronState.Dead
            : hasGrown && isWeak ? NeuronState.Settled
            : record.IsLocked ? NeuronState.Locked
            : hasGrown ? NeuronState.Racing
            : record.Angle <= Options.AlignedAngle ? NeuronState.Aligned
            : NeuronState.Aligning;
    }
}
