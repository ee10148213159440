using ReluFlow.Flows;

namespace ReluFlow.Tests.Flows;

/// <summary>
/// A second route to the flow with its slides, any number of outputs, any loss: classical Runge–Kutta of fixed steps on the raw weights, where the step that meets an
/// event is bisected, and the side of every boundary is then chosen by trying all 3^|S| active sets. It shares no formula with the engine: no log scale, no boost, no
/// Taylor series, no collocation. Samples on one hyperplane (equal, opposite or scaled inputs) are one boundary with two sides.
/// Where more boundaries meet than their inputs have dimensions (coplanar inputs), it resolves the attracting ones only: there it is no oracle without a look at <see cref="BoostEuler"/>.
/// </summary>
internal sealed partial class SlidingRungeKutta
{
    /// <summary>Both gates of a boundary closed: what σ'(0) = 0 makes of a neuron that stands exactly on it. Only at the start.</summary>
    private const int Closed = 2;
    private const int Sliding = 0;

    /// <summary>Beyond a boundary by this share of ‖(w, a)‖ is beyond it; the rounding of a step is 1e-16.</summary>
    private const double Beyond = 1e-14;

    /// <summary>Within this share of ‖(w, a)‖ of a boundary is on it: the distance that a bisected step leaves, over the speeds of order one.</summary>
    private const double Near = 1e-11;

    private readonly TrainingProblem _problem;
    private readonly int _n;
    private readonly int _d;
    private readonly int _c;
    private readonly int _m;
    private readonly List<double[]> _normals = [];
    private readonly int[] _plane;
    private readonly int[] _sign;
    private readonly double[] _norm;
    private readonly int[,] _side;
    private readonly List<(int Neuron, int Plane)> _hits = [];
    private readonly int[][] _slides;
    private readonly double[] _f;
    private readonly double[] _b;
    private double _time;

    private SlidingRungeKutta(TrainingProblem problem)
    {
        _problem = problem;
        (_n, _d, _c, _m) = (problem.Data.Samples, problem.Data.InputDimension, problem.Data.OutputDimension, problem.Start.Width);
        _plane = new int[_n];
        _sign = new int[_n];
        _norm = new double[_n];
        for (int k = 0; k < _n; k++)
        {
            double[] x = problem.Data.Inputs.Row(k).ToArray();
            _norm[k] = Math.Sqrt(Dot(x, x));
            (_plane[k], _sign[k]) = _norm[k] == 0 ? (-1, 0) : PlaneOf([.. x.Select(v => v / _norm[k])]);
        }

        _side = new int[_m, _normals.Count];
        _slides = [.. Enumerable.Range(0, _m).Select(_ => Array.Empty<int>())];
        _f = new double[_n * _c];
        _b = new double[_n * _c];
    }

    /// <summary>Slides begun.</summary>
    public int Slides { get; private set; }

    /// <summary>The largest number of boundaries that one neuron slid along at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Changes of side in order of time: neuron, boundary (its first sample) and the new side, 0 for a slide.</summary>
    public List<(double Time, int Neuron, int Sample, int Side)> Events { get; } = [];

    /// <summary>Whether a slide ended because the output weight changed sign, or a neuron began on several boundaries: from there the flow is not unique.</summary>
    public bool Branched { get; private set; }

    /// <summary>Whether a neuron met all boundaries at once (w = 0 in the span of the data, which only |a| &gt; ‖w‖ allows): from there the flow is not unique either.</summary>
    public bool MetOrigin { get; private set; }

    /// <summary>True weights (w_j, a_j) at the end, row after row; null where the events did not come to rest.</summary>
    public double[]? End { get; private set; }

    /// <summary>Follows the flow for <paramref name="time"/> with steps of at most <paramref name="step"/>.</summary>
    public static SlidingRungeKutta Follow(TrainingProblem problem, double time, double step)
    {
        var run = new SlidingRungeKutta(problem);
        run.End = run.Run(time, step);
        return run;
    }

    private double[]? Run(double time, double step)
    {
        double[] v = FlowProblems.TrueWeights(_problem.Start);
        SetSides();
        for (int idle = 0; _time < time;)
        {
            double h = Math.Min(step, time - _time), low = 0, high = h;
            double[] next = Step(v, h);
            FindHits(next);
            if (_hits.Count > 0)
            {
                for (int i = 0; i < 70 && high - low > 1e-16 * Math.Max(_time, 1e-3); i++)
                {
                    double middle = (low + high) / 2;
                    double[] trial = Step(v, middle);
                    FindHits(trial);
                    (low, high, next) = _hits.Count > 0 ? (low, middle, trial) : (middle, high, next);
                }

                FindHits(next);
            }

            idle = high < 1e-12 ? idle + 1 : 0;
            if (idle > 200)
            {
                return null;
            }

            _time += high;
            v = next;
            foreach (IGrouping<int, (int Neuron, int Plane)> hits in _hits.GroupBy(hit => hit.Neuron).ToList())
            {
                Resolve(hits.Key, [.. hits.Select(hit => hit.Plane)], v);
            }

            HoldSlides(v);
        }

        return v;
    }

    private void SetSides()
    {
        for (int j = 0; j < _m; j++)
        {
            for (int p = 0; p < _normals.Count; p++)
            {
                // The data's own inner product decides: the weights as stored, not multiplied by the scale.
                int k = Array.IndexOf(_plane, p);
                double z = Dot(_problem.Start.InputWeights.Row(j), _problem.Data.Inputs.Row(k));
                _side[j, p] = z == 0 ? Closed : _sign[k] * Math.Sign(z);
            }

            int on = Enumerable.Range(0, _normals.Count).Count(p => _side[j, p] == Closed);
            Branched |= on > 1 && on < _normals.Count;
        }
    }

    /// <summary>b = r/n by the gates carried.</summary>
    private void Residual(double[] v)
    {
        Array.Clear(_f);
        for (int k = 0; k < _n; k++)
        {
            for (int j = 0; j < _m && _plane[k] >= 0; j++)
            {
                if (IsActive(j, k))
                {
                    double z = Dot(W(v, j), _problem.Data.Inputs.Row(k));
                    for (int o = 0; o < _c; o++)
                    {
                        _f[(k * _c) + o] += z * A(v, j)[o];
                    }
                }
            }
        }

        _problem.Loss.ResidualSignal(_f, _problem.Data.Targets, _b);
        for (int i = 0; i < _b.Length; i++)
        {
            _b[i] /= _n;
        }
    }

    private double[] Velocity(double[] v)
    {
        Residual(v);
        var velocity = new double[v.Length];
        for (int j = 0; j < _m; j++)
        {
            Span<double> dw = velocity.AsSpan(j * (_d + _c), _d), da = velocity.AsSpan((j * (_d + _c)) + _d, _c);
            for (int k = 0; k < _n; k++)
            {
                if (_plane[k] >= 0 && IsActive(j, k))
                {
                    ReadOnlySpan<double> x = _problem.Data.Inputs.Row(k);
                    Add(dw, Pull(v, j, k), x);
                    Add(da, Dot(W(v, j), x), _b.AsSpan(k * _c, _c));
                }
            }

            int[] slides = _slides[j];
            double[] eta = Multipliers(dw, slides);
            for (int i = 0; i < slides.Length; i++)
            {
                Add(dw, eta[i], _normals[slides[i]]);
            }
        }

        return velocity;
    }

    private double[] Step(double[] v, double h)
    {
        double[] k1 = Velocity(v), k2 = Velocity(Moved(v, h / 2, k1)), k3 = Velocity(Moved(v, h / 2, k2)), k4 = Velocity(Moved(v, h, k3));
        var next = (double[])v.Clone();
        for (int i = 0; i < v.Length; i++)
        {
            next[i] += h / 6 * (k1[i] + (2 * k2[i]) + (2 * k3[i]) + k4[i]);
        }

        return next;
    }

    private void FindHits(double[] v)
    {
        _hits.Clear();
        Residual(v);
        for (int j = 0; j < _m; j++)
        {
            double size = Size(v, j);
            int[] slides = _slides[j];
            double[] eta = Multipliers(slides.Length > 0 ? Field(v, j, slides) : [], slides);
            for (int p = 0; p < _normals.Count; p++)
            {
                double height = Height(v, j, p);
                bool hit;
                if (_side[j, p] == Sliding)
                {
                    (double low, double high) = Range(v, j, p);
                    double at = eta[Array.IndexOf(slides, p)], rounding = 1e-12 * Math.Sqrt(Dot(A(v, j), A(v, j)));
                    hit = low >= high || at < low - rounding || at > high + rounding;
                }
                else
                {
                    hit = _side[j, p] == Closed ? Math.Abs(height) > Beyond * size : _side[j, p] * height < -Beyond * size;
                }

                if (hit)
                {
                    _hits.Add((j, p));
                }
            }
        }
    }

    private void HoldSlides(double[] v)
    {
        for (int j = 0; j < _m; j++)
        {
            int[] slides = _slides[j];
            double[] eta = Multipliers(W(v, j), slides);
            for (int i = 0; i < slides.Length; i++)
            {
                Add(v.AsSpan(j * (_d + _c), _d), eta[i], _normals[slides[i]]);
            }
        }
    }

    private bool IsActive(int j, int k) => _side[j, _plane[k]] == _sign[k];

    private double Size(double[] v, int j) => Math.Sqrt(Dot(W(v, j), W(v, j)) + Dot(A(v, j), A(v, j)));

    private double Height(double[] v, int j, int p) => Dot(W(v, j), _normals[p]);

    private double Pull(double[] v, int j, int k) => Dot(A(v, j), _b.AsSpan(k * _c, _c));

    private ReadOnlySpan<double> W(double[] v, int j) => v.AsSpan(j * (_d + _c), _d);

    private ReadOnlySpan<double> A(double[] v, int j) => v.AsSpan((j * (_d + _c)) + _d, _c);

    private static double[] Moved(double[] v, double h, double[] velocity)
    {
        var moved = (double[])v.Clone();
        Add(moved, h, velocity);
        return moved;
    }

    private static void Add(Span<double> target, double factor, ReadOnlySpan<double> x)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * x[i];
        }
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
