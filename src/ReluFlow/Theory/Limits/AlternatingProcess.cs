using System.Numerics.Tensors;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>
/// A λ → 0 limit of gradient flow on any data, by alternation of linear growth at a saddle and a finite-time flow to the next. [H]
/// </summary>
/// <remarks>
/// <para>A working definition of ours where the papers leave the statement open; in spirit [Jump]. At a saddle the residual is frozen: the directions u_j of tiny neurons
/// relax to attracting extremal vectors [Maennel, EA] and ln‖v_j‖/ln(1/λ) climbs with slope s_j⟨u_j, D(u_j)⟩ in τ. The first neurons to reach 0 are given a
/// small finite size, and the flow goes on, with all others too small to be seen, until it rests at the next saddle. Neurons that shrank to nothing on the way are tiny
/// again, at potential 0.</para>
/// <para>Where neurons that reach 0 together are not parallel the order is not decided by the limit (<see cref="Coincidences"/>). A neuron that relaxes into
/// a direction it would leave only for its rounding stays there.</para>
/// </remarks>
public sealed class AlternatingProcess
{
    /// <summary>ln of the size at which a neuron that reached order one enters the flow to the next saddle: what is left out is its square.</summary>
    private const double LogSeed = -9;

    /// <summary>‖∇L‖ at which the flow rests, relative to where it set out.</summary>
    private const double Rest = 1e-6;

    /// <summary>L relative to L at θ = 0 that counts as interpolated, where the flow rests.</summary>
    private const double Interpolation = 1e-12;

    /// <summary>L relative to L at θ = 0 at which the flow is stopped.</summary>
    private const double LossStop = 1e-18;

    /// <summary>Share of the largest neuron's size below which one counts as tiny at a saddle.</summary>
    private const double Shrunk = 1e-3;

    /// <summary>Slopes below this share of the largest possible are none: the residual at a saddle is known to about <see cref="Rest"/>.</summary>
    private const double LeastSlope = 1e-5;

    private const double Tie = 1e-9;

    private const double Parallel = 1 - 1e-9;

    /// <summary>A sample counts as fitted where its residual is below this share of the largest target.</summary>
    private const double Fitted = 1e-4;

    private readonly Dataset _data;
    private readonly AlternatingOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly double[] _potentials;
    private readonly bool[] _visible;
    private readonly double[] _residual;
    private readonly List<JumpCoincidence> _coincidences = [];
    private ReluNetwork _network;
    private double _time;

    /// <summary>Runs the process to its end.</summary>
    /// <param name="data">Any data with one target a sample that is not zero throughout.</param>
    /// <param name="start">θ(0)/λ, as <see cref="Initialization"/> draws it at λ = 1; only directions and signs matter.</param>
    /// <param name="options">Limits.</param>
    /// <param name="cancellation">Ends the process.</param>
    /// <exception cref="ArgumentException">Start and data do not fit together, or the targets vanish.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public AlternatingProcess(Dataset data, ReluNetwork start, AlternatingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(start);
        if (start.InputDimension != data.InputDimension || start.OutputDimension != 1 || data.OutputDimension != 1)
        {
            throw new ArgumentException($"W has {start.InputDimension} columns, a has {start.OutputDimension} and the targets have {data.OutputDimension}; {data.InputDimension}, 1 and 1 are expected.", nameof(start));
        }

        if (!data.Targets.Values.ContainsAnyExcept(0))
        {
            throw new ArgumentException($"Data set '{data.Name}' has only targets 0; one that is not is expected.", nameof(data));
        }

        _options = options ?? new AlternatingOptions();
        _cancellation = cancellation;
        (_data, ReluNetwork reduced) = SpanCoordinates.Of(data, start);
        _network = FrozenSaddle.AtScale(reduced, FrozenSaddle.Unseen);
        _potentials = [.. Enumerable.Repeat(-1.0, start.Width)];
        _visible = new bool[start.Width];
        _residual = data.Targets.Values.ToArray();
        double firstLoss = LossOfResidual();
        var jumps = new List<Jump>();
        Status = Run(jumps, firstLoss);
        Path = new JumpPath(firstLoss, jumps);
    }

    /// <summary>The saddles and jumps.</summary>
    public JumpPath Path { get; }

    /// <summary>How the process ended.</summary>
    public AlternatingStatus Status { get; }

    /// <summary>Neurons that are not parallel and reach order one at nearly the same time, in order of time.</summary>
    public IReadOnlyList<JumpCoincidence> Coincidences => _coincidences;

    private AlternatingStatus Run(List<Jump> jumps, double firstLoss)
    {
        while (jumps.Count < _options.MaximumJumps)
        {
            var saddle = new FrozenSaddle(_data, _residual);
            if (Grow(saddle) is not var (rate, activated))
            {
                return AlternatingStatus.Failed;
            }

            if (activated.Length == 0)
            {
                return AlternatingStatus.Stationary;
            }

            bool[] unfitted = [.. _residual.Select(r => !IsFitted(r))];
            SolveStatus end = Transit(activated, (saddle.LargestRate, rate), firstLoss);
            bool rests = end is SolveStatus.Interpolated or SolveStatus.Stationary;
            bool interpolates = rests && LossOfResidual() <= Interpolation * firstLoss;
            jumps.Add(new Jump
            {
                RescaledTime = _time,
                Rate = rate,
                Neurons = activated,
                FittedSamples = [.. Enumerable.Range(0, _data.Samples).Where(k => unfitted[k] && IsFitted(_residual[k]))],
                Loss = interpolates ? 0 : LossOfResidual(),
                SquaredNorm = _network.SquaredNorm,
            });
            if (interpolates || !rests)
            {
                return interpolates ? AlternatingStatus.Interpolated : end == SolveStatus.Failed ? AlternatingStatus.Failed : AlternatingStatus.Unsettled;
            }
        }

        return AlternatingStatus.JumpLimit;
    }

    /// <summary>Relaxes the tiny neurons and lets them grow until the first reach order one. Returns who does and at what rate, nobody where nobody grows; null where the integrator failed.</summary>
    private (double Rate, int[] Activated)? Grow(FrozenSaddle saddle)
    {
        int[] tiny = [.. Enumerable.Range(0, _visible.Length).Where(j => !_visible[j])];
        if (tiny.Length == 0 || saddle.LargestRate == 0)
        {
            return (0, []);
        }

        if (saddle.Relax(Select(tiny), _options.Tolerance, _cancellation) is not var (relaxed, rates))
        {
            return null;
        }

        Place(tiny, relaxed);
        double[] waits = [.. tiny.Select((j, i) => rates[i] > LeastSlope * saddle.LargestRate ? -_potentials[j] / rates[i] : double.PositiveInfinity)];
        double wait = waits.Min();
        if (double.IsPositiveInfinity(wait))
        {
            return (0, []);
        }

        int leader = tiny[Array.IndexOf(waits, wait)];
        double now = _time + wait;
        FindCoincidences(leader, now, [.. tiny.Select((j, i) => (j, (_time + waits[i] - now) / now))]);
        for (int i = 0; i < tiny.Length; i++)
        {
            _potentials[tiny[i]] += rates[i] * wait;
        }

        _time = now;
        return (rates[Array.IndexOf(tiny, leader)], [.. tiny.Where((j, i) => rates[i] > 0 && _potentials[j] >= -Tie && AreParallel(leader, j))]);
    }

    /// <summary>Notes one neuron of each direction that comes soon after the leader.</summary>
    private void FindCoincidences(int leader, double now, (int Neuron, double Delay)[] others)
    {
        var seen = new List<int> { leader };
        foreach ((int j, double delay) in others)
        {
            if (delay <= _options.CoincidenceDistance && !seen.Exists(i => AreParallel(i, j)))
            {
                seen.Add(j);
                _coincidences.Add(new JumpCoincidence(now, leader, j, delay, Overlap(leader, j)));
            }
        }
    }

    /// <summary>Flows from the saddle, left along the activated neurons, to rest.</summary>
    private SolveStatus Transit(int[] activated, (double Largest, double Own) rate, double firstLoss)
    {
        double[] logScales = _network.LogScales.ToArray();
        foreach (int j in activated)
        {
            logScales[j] = LogSeed - (0.5 * Math.Log(activated.Length));
            _visible[j] = true;
        }

        ReluNetwork start = ReluNetwork.FromScaledWeights(_network.InputWeights, _network.OutputWeights, logScales);
        var stop = new StopRule
        {
            Time = _options.TransitionTime / rate.Largest,
            Loss = LossStop * firstLoss,
            GradientNorm = Rest * rate.Own * Math.Exp(LogSeed),
        };
        Trajectory run = new BoostFlow(new BoostFlowOptions { Tolerance = _options.Tolerance })
            .Follow(new TrainingProblem(_data, start, Loss.Squared), stop, SaveTimes.EndsOnly, observer: null, _cancellation);
        _cancellation.ThrowIfCancellationRequested();
        _network = CarriedGates.Impose(run.End.Network, run.Pattern, _data.Inputs);
        _network.Evaluate(_data.Inputs, _residual);
        TensorPrimitives.Subtract(_data.Targets.Values, _residual, _residual);
        Classify();
        return run.Status;
    }

    /// <summary>Neurons that are visible no longer are tiny, at potential 0; the tiny ones are put back to where no growth shows.</summary>
    private void Classify()
    {
        double largest = Enumerable.Range(0, _visible.Length).Max(_network.LogNormProduct);
        double[] logScales = _network.LogScales.ToArray();
        for (int j = 0; j < _visible.Length; j++)
        {
            if (_visible[j] && _network.LogNormProduct(j) < largest + (2 * Math.Log(Shrunk)))
            {
                _visible[j] = false;
                _potentials[j] = 0;
            }

            logScales[j] = _visible[j] ? logScales[j] : FrozenSaddle.Unseen;
        }

        _network = ReluNetwork.FromScaledWeights(_network.InputWeights, _network.OutputWeights, logScales);
    }

    private ReluNetwork Select(int[] neurons) => ReluNetwork.FromScaledWeights(
        _network.InputWeights.SelectRows(neurons), _network.OutputWeights.SelectRows(neurons), [.. neurons.Select(j => _network.LogScales[j])]);

    private void Place(int[] neurons, ReluNetwork relaxed)
    {
        int d = _data.InputDimension;
        double[] w = _network.InputWeights.Values.ToArray(), a = _network.OutputWeights.Values.ToArray();
        for (int i = 0; i < neurons.Length; i++)
        {
            relaxed.InputWeights.Row(i).CopyTo(w.AsSpan(neurons[i] * d, d));
            a[neurons[i]] = relaxed.OutputWeights[i, 0];
        }

        _network = ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(_network.Width, d, w), Matrix.Column(a), _network.LogScales);
    }

    private bool AreParallel(int j, int i)
    {
        ReadOnlySpan<double> u = _network.InputWeights.Row(j), v = _network.InputWeights.Row(i);
        return _network.OutputWeights[j, 0] * _network.OutputWeights[i, 0] > 0 && TensorPrimitives.CosineSimilarity(u, v) >= Parallel;
    }

    private bool Overlap(int j, int i) => Enumerable.Range(0, _data.Samples).Any(k =>
        !IsFitted(_residual[k]) && ActivationPattern.IsActive(Product(j, k)) && ActivationPattern.IsActive(Product(i, k)));

    private double Product(int j, int k) => TensorPrimitives.Dot(_network.InputWeights.Row(j), _data.Inputs.Row(k));

    private bool IsFitted(double residual) => Math.Abs(residual) <= Fitted * Math.Abs(TensorPrimitives.MaxMagnitude(_data.Targets.Values));

    private double LossOfResidual() => TensorPrimitives.SumOfSquares<double>(_residual) / (2 * _data.Samples);
}
