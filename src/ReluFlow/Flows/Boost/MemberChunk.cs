namespace ReluFlow.Flows.Boost;

/// <summary>Some rows of one cell: the unit of work of a thread, with what a pass over it found.</summary>
internal sealed class MemberChunk
{
    /// <summary>The number of the cell.</summary>
    public int Cell { get; set; }

    /// <summary>The first row.</summary>
    public int First { get; set; }

    /// <summary>How many rows.</summary>
    public int Count { get; set; }

    /// <summary>Rows whose gates may change in the step: they are followed one by one.</summary>
    public List<int> Movers { get; } = [];

    /// <summary>Gates of the movers at the end, one row of length RayStride after the other.</summary>
    public List<byte> MoverGates { get; } = [];

    /// <summary>S of the others at the start of each segment, or at each node of a boost, and last at its end.</summary>
    public List<CellMoment> Moments { get; } = [];

    /// <summary>Σ e^{2ρ} l₊² and Σ e^{2ρ} l₋² of the others under a boost, in the cell's unit: what its energy needs.</summary>
    public (double Plus, double Minus) LightCone { get; set; }

    /// <summary>Outputs of the movers at the nodes, nodes × N.</summary>
    public double[] Outputs { get; set; } = [];

    /// <summary>Gate changes of the movers; the neuron is the row's carrier.</summary>
    public List<StepEvent> Events { get; } = [];

    /// <summary>What the movers' part of the pass found; the clearance names the row's carrier.</summary>
    public SweepOutcome Outcome { get; set; }

    /// <summary>Segments of the movers.</summary>
    public long Segments { get; set; }

    /// <summary>Forgets what an earlier pass found.</summary>
    /// <param name="outputs">Length of the outputs of the movers.</param>
    /// <param name="closest">The closest approach known.</param>
    public void Begin(int outputs, double closest)
    {
        Movers.Clear();
        MoverGates.Clear();
        Moments.Clear();
        Events.Clear();
        LightCone = default;
        Outcome = new SweepOutcome(true, double.PositiveInfinity, 0, new StepClearance(closest, 0, 0, -1), 0);
        Segments = 0;
        if (Outputs.Length < outputs)
        {
            Outputs = new double[outputs];
        }

        Array.Clear(Outputs, 0, outputs);
    }
}
