using System.Numerics.Tensors;

namespace ReluFlow.Flows.Boost;

/// <summary>
/// Moves single neurons through a step under a given residual signal, to round-off: v' = [[0, D(σ)], [D(σ)ᵀ, 0]] v with the neuron's own gate changes and slides.
/// </summary>
/// <remarks>
/// <para>Between gate changes w(σ) = w + Σ_i D^(i) κ_i(σ) with the moments D^(i) = Σ_k A_k β_i,k x_k and κ_i = ∫ σ^i a dσ, so that everything lives in the few numbers κ.
/// There is no truncation error here: a polynomial signal is followed by a Taylor series to machine precision, a constant one by the closed form of a Lorentz boost.</para>
/// <para>One instance works for one thread. The derivation is ours: docs/engine.md.</para>
/// </remarks>
internal sealed partial class NeuronPropagator
{
    /// <summary>Wrong-sided pre-activations below this share of ‖w‖‖x‖ are rounding, not crossings.</summary>
    private const double BoundaryRounding = 2e-15;

    /// <summary>‖w‖ below this share of |a| is 0: what is left of w where a slide along a line has taken it to the origin.</summary>
    private const double ApexRounding = 1e-12;

    /// <summary>A velocity below this share of its parts is rounding.</summary>
    private const double VelocityRounding = 1e-13;

    /// <summary>How far θ must keep from 0 and 1 for a change to be safe from rounding.</summary>
    private const double Inside = 1e-9;

    private readonly InputSpan _span;
    private readonly int _c;
    private readonly RaySignal _raySignal;
    private readonly int[] _allCoordinates;
    private readonly int[] _activeRays;
    private readonly int[] _touching;
    private readonly double[] _w;
    private readonly double[] _z;
    private readonly double[] _a;
    private readonly byte[] _gates;
    private readonly double[] _sides;
    private readonly double[] _moments;
    private readonly double[] _momentsTransposed;
    private readonly double[] _q;
    private readonly double[] _p;
    private readonly double[] _gram;
    private readonly double[] _multipliers;
    private readonly double[] _alpha;
    private readonly double[] _change;
    private readonly double[] _coefficient;
    private readonly double[] _direction;
    private readonly double[] _products;
    private readonly double[] _zAtNode;
    private readonly SlidingConstraints _slides;
    private readonly BoundaryField _boundaryField;
    private readonly bool _hasOpposites;
    private readonly SlidingBasis?[] _keptSlides;
    private readonly int _firstNeuron;

    private PropagationRequest _request = null!;
    private StepSignal _signal = null!;
    private int _neuron;
    private int _activeCount;
    private int _touchingCount;
    private int _m;
    private double _rho;
    private double _balance;
    private double _sigma;
    private bool _frozen;
    private int _nextNode;

    public NeuronPropagator(InputSpan span, RaySignal signal, int stages, (int First, int Count) neurons)
    {
        int outputs = signal.Outputs;
        _firstNeuron = neurons.First;
        _keptSlides = new SlidingBasis?[neurons.Count];
        _span = span;
        _c = outputs;
        _raySignal = signal;
        int moments = stages * outputs;
        _allCoordinates = [.. Enumerable.Range(0, span.Rank)];
        _activeRays = new int[span.Rays];
        _touching = new int[span.Rays];
        _w = new double[span.RankStride];
        _z = new double[span.RayStride];
        _a = new double[outputs];
        _gates = new byte[span.RayStride];
        _sides = new double[span.RayStride];
        _moments = new double[moments * span.RankStride];
        _momentsTransposed = new double[span.Rank * moments];
        _q = new double[moments * span.RayStride];
        _p = new double[moments];
        _gram = new double[moments * moments];
        _multipliers = new double[span.Rank * moments];
        _alpha = new double[span.Rank];
        _change = new double[moments];
        _coefficient = new double[moments];
        _direction = new double[span.RankStride];
        _products = new double[span.RayStride];
        _zAtNode = new double[span.RayStride];
        _slides = new SlidingConstraints(span);
        _boundaryField = new BoundaryField(span);
        _hasOpposites = span.Opposite.Any(k => k >= 0);
        _series = new double[(MaximumOrder + 1) * outputs];
        _table = new double[outputs * (MaximumOrder + 1) * Lanes];
        _convolved = new double[outputs * (MaximumOrder + 1) * Lanes];
        _gramColumns = new double[outputs * moments * Lanes];
        _halfGram = new double[moments * moments];
        _aAt = new double[outputs];
        _zSeries = new double[MaximumOrder + 2 + stages];
        _shift = new double[stages * stages];
        _localP = new double[moments];
        _localGram = new double[moments * moments];
        _kappa = new double[moments];
        _localKappa = new double[moments];
        _bounds = new double[moments];
        _localQ = new double[moments];
        _candidates = new int[span.RayStride];
        _velocities = new double[span.Rays];
    }

    /// <summary>Outputs gathered at the nodes, nodes × N × c; the caller clears them.</summary>
    public double[] NodeOutputs { get; set; } = [];

    /// <summary>σ of the earliest gate change that was reported instead of taken; ∞ where there was none.</summary>
    public double EarliestSignificant { get; private set; }

    /// <summary>Gate changes since the last <see cref="BeginPass"/>, if wanted.</summary>
    public List<StepEvent> Events { get; } = [];

    /// <summary>∫ (‖w'‖² + ‖a'‖²) dt of all neurons since the last <see cref="BeginPass"/>, if wanted.</summary>
    public double Energy { get; private set; }

    /// <summary>The closest approach since the last <see cref="BeginPass"/>, if wanted.</summary>
    public StepClearance Clearance { get; private set; }

    /// <summary>Times since the last <see cref="BeginPass"/> that a convention chose among several flows: at w = 0, at a change of the output sign among slides, on a boundary that repels.</summary>
    public long Branches { get; private set; }

    /// <summary>Segments computed since the last <see cref="BeginPass"/>: the unit of work.</summary>
    public long Segments { get; private set; }

    /// <summary>Forgets what earlier passes recorded.</summary>
    /// <param name="request">What the pass is to do.</param>
    /// <param name="closest">The closest approach known so far: only closer ones are looked for.</param>
    public void BeginPass(PropagationRequest request, double closest)
    {
        _request = request;
        _signal = request.Signal;
        _m = _signal.Moments;
        EarliestSignificant = double.PositiveInfinity;
        Events.Clear();
        Energy = 0;
        Clearance = new StepClearance(closest, 0, 0, NoRay);
        Segments = 0;
        Branches = 0;
    }

    /// <summary>Moves neuron <paramref name="neuron"/> from σ = 0 to the request's end.</summary>
    /// <param name="neuron">j.</param>
    /// <param name="from">Where it stands.</param>
    /// <param name="to">Where it is written.</param>
    /// <param name="balance">The conserved ‖a‖² − ‖w‖² of the part in the span, in units of e^{2 ρ₀}.</param>
    /// <param name="balanceLogScale">ρ₀.</param>
    /// <returns>False where the neuron met more gate changes than the limit of work allows, or grew out of bounds.</returns>
    public bool Propagate(int neuron, NeuronStates from, NeuronStates to, double balance, double balanceLogScale)
    {
        _neuron = neuron;
        _rho = from.LogScales[neuron];
        from.OutputsOf(neuron).CopyTo(_a);
        from.WeightsOf(neuron).CopyTo(_w);
        from.PreactivationsOf(neuron).CopyTo(_z);
        from.GatesOf(neuron).CopyTo(_gates);
        _balance = balance == 0 ? 0 : balance * Math.Exp(2 * (balanceLogScale - _rho));
        _sigma = 0;
        _frozen = false;
        _nextNode = 0;
        int limit = 200 + (40 * _span.Rays);
        BuildMoments(_keptSlides[neuron - _firstNeuron]);
        KeepSlides(neuron - _firstNeuron);
        while (_sigma < _request.End)
        {
            bool more = _signal.Monomials == 1 && _c == 1 ? AdvanceConstant() : AdvanceTaylor();
            Segments++;
            if (!more || --limit < 0 || _rho > 300)
            {
                return false;
            }
        }

        if (!_request.Moves)
        {
            return true;
        }

        if (_request.Record || _request.End < 1)
        {
            Synchronize();
        }

        to.LogScales[neuron] = _rho;
        _a.CopyTo(to.OutputsOf(neuron));
        _w.CopyTo(to.WeightsOf(neuron));
        _z.CopyTo(to.PreactivationsOf(neuron));
        _gates.CopyTo(to.GatesOf(neuron));
        return true;
    }

    /// <summary>‖D(σ)‖ of the neuron moved last, at its end and in units of flow time.</summary>
    public double FinalRate()
    {
        double sum = 0, outer = 1;
        for (int i = 0; i < _m; i += _c, outer *= _sigma)
        {
            double power = outer;
            for (int l = 0; l < _m; l += _c, power *= _sigma)
            {
                for (int o = 0; o < _c; o++)
                {
                    sum += power * _gram[((i + o) * _m) + l + o];
                }
            }
        }

        return Math.Sqrt(Math.Max(sum, 0)) / _signal.Step;
    }

    private void KeepSlides(int index)
    {
        if (_slides.Count == 0)
        {
            _keptSlides[index] = null;
        }
        else if (!_slides.Rays.SequenceEqual(_keptSlides[index]?.Rays))
        {
            _keptSlides[index] = _slides.Keep();
        }
    }

    private void GatherOutputs(int node, ReadOnlySpan<double> a, ReadOnlySpan<double> z, double scale)
    {
        Span<double> target = NodeOutputs.AsSpan(node * _span.Rays * _c, _span.Rays * _c);
        for (int i = 0; i < _activeCount; i++)
        {
            int k = _activeRays[i];
            double value = scale * z[k];
            for (int o = 0; o < _c; o++)
            {
                target[(k * _c) + o] += value * a[o];
            }
        }
    }
}
