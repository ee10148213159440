namespace ReluFlow.Flows;

/// <summary>All samples of a problem, or the few of one mini-batch: slices of inputs, and the residual signal of one slice at a time.</summary>
internal sealed class SampleBlock
{
    private readonly TrainingProblem _problem;
    private readonly int[] _samples;
    private readonly SampleSlice[] _slices;
    private readonly double[] _gathered;
    private readonly double[] _outputs;
    private readonly double[] _residual;

    private SampleBlock(TrainingProblem problem, int most)
    {
        _problem = problem;
        _samples = new int[most];
        int c = problem.Data.OutputDimension, d = problem.Data.InputDimension, slice = Math.Min(most, SampleSlice.Most);
        _slices = [.. Enumerable.Range(0, (most + slice - 1) / slice).Select(s => new SampleSlice(s * slice, Math.Min(slice, most - (s * slice)), d))];
        _gathered = new double[slice * d];
        _outputs = new double[TiledMatrix.Padded(slice) * NeuronPanel.PaddedOutputs(c)];
        _residual = new double[slice * c];
        ResidualBySample = new TiledMatrix(slice, c);
        ResidualByOutput = new TiledMatrix(c, slice);
    }

    /// <summary>The number of samples.</summary>
    public int Count { get; private set; }

    /// <summary>The samples, slice after slice.</summary>
    public ReadOnlySpan<SampleSlice> Slices => _slices.AsSpan(0, (Count + SampleSlice.Most - 1) / SampleSlice.Most);

    /// <summary>r/n of the last slice judged, count × c.</summary>
    public TiledMatrix ResidualBySample { get; }

    /// <summary>r/n of the last slice judged, c × count.</summary>
    public TiledMatrix ResidualByOutput { get; }

    /// <summary>All samples.</summary>
    public static SampleBlock Whole(TrainingProblem problem)
    {
        var block = new SampleBlock(problem, problem.Data.Samples);
        block.Load([.. Enumerable.Range(0, problem.Data.Samples)]);
        return block;
    }

    /// <summary>Room for a batch of so many samples.</summary>
    public static SampleBlock Batch(TrainingProblem problem, int size) => new(problem, size);

    /// <summary>Takes samples, no more than there is room for.</summary>
    public void Load(ReadOnlySpan<int> samples)
    {
        int d = _problem.Data.InputDimension;
        Count = samples.Length;
        samples.CopyTo(_samples);
        foreach (SampleSlice slice in Slices)
        {
            ReadOnlySpan<int> some = samples[slice.First..Math.Min(slice.First + SampleSlice.Most, Count)];
            for (int k = 0; k < some.Length; k++)
            {
                _problem.Data.Inputs.Row(some[k]).CopyTo(_gathered.AsSpan(k * d, d));
            }

            slice.Take(_gathered.AsSpan(0, some.Length * d));
        }
    }

    /// <summary>Adds up the panels' parts of f, in their order; returns Σ ℓ over the slice and keeps its residual signal.</summary>
    public double Judge(SampleSlice slice, ReadOnlySpan<NeuronPanel> panels)
    {
        int c = _problem.Data.OutputDimension, padded = NeuronPanel.PaddedOutputs(c);
        Span<double> outputs = _outputs.AsSpan(0, slice.Count * padded);
        outputs.Clear();
        foreach (NeuronPanel panel in panels)
        {
            panel.AddOutputs(outputs);
        }

        Span<double> residual = _residual.AsSpan(0, slice.Count * c);
        double sum = 0;
        for (int k = 0; k < slice.Count; k++)
        {
            ReadOnlySpan<double> output = outputs.Slice(k * padded, c), target = _problem.Data.Targets.Row(_samples[slice.First + k]);
            sum += _problem.Loss.OfSample(output, target);
            _problem.Loss.ResidualOfSample(output, target, residual.Slice(k * c, c));
        }

        foreach (ref double r in residual)
        {
            r /= Count;
        }

        ResidualBySample.Take(residual, (c, 1), slice.Count, c);
        ResidualByOutput.Take(residual, (1, c), c, slice.Count);
        return sum;
    }
}
