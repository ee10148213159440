namespace ReluFlow.Experiments.Figures;

/// <summary>The cosines of every two neurons at some frames of a page.</summary>
internal sealed record CosineFrames
{
    /// <summary>Which frames of the page, increasing; the nearest one is shown at the others.</summary>
    public required IReadOnlyList<int> Frames { get; init; }

    /// <summary>How many neurons there are, in the order of the picture.</summary>
    public required int Neurons { get; init; }

    /// <summary>Colours as 0xRRGGBBAA, from cosine −1 to 1.</summary>
    public required IReadOnlyList<uint> Palette { get; init; }

    /// <summary>Indices into the palette for each pair of a neuron and itself or one before it, row by row, each pair frame by frame, every frame less the one before it modulo 256: packed bytes.</summary>
    public required string Cells { get; init; }

    /// <summary>The time in words, frame by frame.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
