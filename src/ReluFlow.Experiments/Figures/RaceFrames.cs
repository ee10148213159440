namespace ReluFlow.Experiments.Figures;

/// <summary>The largest cluster's race at some frames of a page.</summary>
internal sealed record RaceFrames
{
    /// <summary>Which frames of the page, increasing; the nearest one is shown at the others.</summary>
    public required IReadOnlyList<int> Frames { get; init; }

    /// <summary>How many neurons a frame has.</summary>
    public required int Neurons { get; init; }

    /// <summary>The last ‖a‖‖w‖ of each neuron over the largest.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>Angle to the target in degrees and decimal logarithm of ‖a‖‖w‖ over the largest, neuron by neuron, frame by frame, NaN for one without a target: packed 32-bit floats.</summary>
    public required string Places { get; init; }

    /// <summary>The time and the largest ‖a‖‖w‖ in words, frame by frame.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
