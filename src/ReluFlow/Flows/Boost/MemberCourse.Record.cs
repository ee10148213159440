namespace ReluFlow.Flows.Boost;

/// <content>What a pass that settles a step wants to know: where the neuron ends, its gate changes, its energy and how near it came to gates that it turned away from.</content>
internal sealed partial class MemberCourse
{
    /// <summary>Nearer than this the neuron stands on the boundary, which it has just crossed or left.</summary>
    private const double OnBoundary = 1e-12;

    /// <summary>Squared sizes below this add nothing to an energy of order one.</summary>
    private const double NegligibleEnergy = 1e-24;

    private readonly List<(double Height, double U, int Ray)> _turns = [];
    private double _closest;
    private double _balance;
    private double _scale;
    private double _unitOfTime;

    /// <summary>Gate changes of the last neuron; its number is left at 0.</summary>
    public List<StepEvent> Events { get; } = [];

    /// <summary>∫ (‖w'‖² + a'²) dt of the last neuron.</summary>
    public double Energy { get; private set; }

    /// <summary>The closest approach of the last neuron, where it came closer than any before.</summary>
    public StepClearance Clearance { get; private set; }

    /// <summary>Where the last neuron ends: w, a in units of e^ρ, and ρ.</summary>
    public (double W0, double W1, double A, double LogScale) End { get; private set; }

    /// <summary>The gates with which it ends.</summary>
    public GatePattern Pattern { get; private set; } = null!;

    /// <summary>‖D‖ at its end.</summary>
    public double Rate { get; private set; }

    private void BeginRecord(PropagationRequest request, double balance, double scale)
    {
        Events.Clear();
        _turns.Clear();
        Energy = 0;
        (_balance, _scale, _unitOfTime) = (balance, scale, request.Signal.Step);
        _closest = request.Record ? request.KnownClearance : 0;
        Clearance = new StepClearance(request.KnownClearance, 0, 0, -1);
    }

    private void NoteChange(GatePattern before, GatePattern after, int ray, double sigma) => Events.Add(new StepEvent(sigma, 0, ray, (before.Gates[ray], after.Gates[ray]) switch
    {
        (_, Gate.Sliding) => GateEventKind.SlideEnter,
        (Gate.Sliding, _) => GateEventKind.SlideExit,
        (_, Gate.Active) => GateEventKind.Activated,
        _ => GateEventKind.Deactivated,
    }));

    private void KeepTurns(CellSegment segment, PlaneVector v, double end)
    {
        foreach ((double height, double u, int ray) in _turns)
        {
            if (u <= end)
            {
                PlaneVector there = At(segment, u, v);
                NoteClearance(height, there, segment.Start + (u * segment.Length), ray);
            }
        }

        _turns.Clear();
    }

    /// <summary>Bounds, of the cell before or after a gate change, that the neuron approached until then and leaves from there.</summary>
    private void NoteTurns((CellPath Path, GatePattern Pattern) before, (CellPath Path, GatePattern Pattern) after, PlaneVector there, double sigma)
    {
        NoteTurnsOf(before.Pattern);
        NoteTurnsOf(after.Pattern);

        void NoteTurnsOf(GatePattern pattern)
        {
            foreach (PatternBound bound in pattern.Bounds)
            {
                double height = (there.W0 * bound.Normal[0]) + (there.W1 * bound.Normal[1]);
                if (bound.Ray < 0 || height <= 0)
                {
                    continue;
                }

                double side = pattern.Gates[bound.Ray] == Gate.Active ? 1 : -1;
                if (side * there.A * FieldAlong(before.Path, bound.Ray, sigma) < 0 && side * there.A * FieldAlong(after.Path, bound.Ray, sigma) > 0)
                {
                    NoteClearance(height, there, sigma, bound.Ray);
                }
            }
        }
    }

    private void NoteClearance(double height, PlaneVector there, double sigma, int ray)
    {
        double value = height / (Math.Sqrt((there.W0 * there.W0) + (there.W1 * there.W1)) * span.Norms[ray]);
        if (value < Clearance.Value && value > OnBoundary)
        {
            Clearance = new StepClearance(value, sigma, 0, ray);
        }
    }

    /// <summary>Adds ∫ (a² ‖D‖² + ⟨w, D⟩²) dt over a part of a segment by the Gauss rule.</summary>
    private void AddEnergy(CellPath path, CellSegment segment, PlaneVector v, double begin, double end)
    {
        if (_scale < NegligibleEnergy || end <= begin)
        {
            return;
        }

        double sum = 0;
        foreach ((double node, double weight) in NeuronPropagator.GaussRule)
        {
            double u = begin + ((end - begin) * node), sigma = segment.Start + (u * segment.Length), d0 = 0, d1 = 0;
            for (int i = path.Field.Length - 2; i >= 0; i -= 2)
            {
                (d0, d1) = ((d0 * sigma) + path.Field[i], (d1 * sigma) + path.Field[i + 1]);
            }

            PlaneVector y = At(segment, u, v);
            double slope = (y.W0 * d0) + (y.W1 * d1);
            sum += weight * ((slope * slope) + (y.A * y.A * ((d0 * d0) + (d1 * d1))));
        }

        // D is per unit of σ.
        Energy += _scale * sum * (end - begin) * segment.Length / _unitOfTime;
    }

    /// <summary>The end with a² − ‖w‖² restored and the scale renewed.</summary>
    private void Settle(PlaneVector v, double balance, double logScale)
    {
        double w0 = v.W0, w1 = v.W1, a = v.A;
        if (Pattern.Sliding >= 0 && Pattern.IsRegular)
        {
            PatternBound line = Pattern.Bounds[0];
            double along = (w0 * line.Normal[0]) + (w1 * line.Normal[1]);
            (w0, w1) = (along * line.Normal[0], along * line.Normal[1]);
        }

        double w2 = (w0 * w0) + (w1 * w1), a2 = a * a;
        if (balance >= 0)
        {
            a *= a2 > 0 ? Math.Sqrt((w2 + balance) / a2) : 1;
        }
        else if (w2 > 0)
        {
            double factor = Math.Sqrt((a2 - balance) / w2);
            (w0, w1) = (w0 * factor, w1 * factor);
        }

        double size = balance >= 0 ? Math.Abs(a) : Math.Sqrt((w0 * w0) + (w1 * w1));
        End = size > 0 ? (w0 / size, w1 / size, a / size, logScale + Math.Log(size)) : (w0, w1, a, logScale);
    }
}
