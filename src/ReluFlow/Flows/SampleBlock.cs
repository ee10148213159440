namespace ReluFlow.Flows;

/// <summary>All samples of a problem, or the few of one mini-batch: inputs side by side, outputs, loss and residual signal.</summary>
internal sealed class SampleBlock
{
    private readonly TrainingProblem _problem;
    private readonly int[] _samples;
    private readonly double[]? _gathered;
    private readonly double[] _outputs;
    private readonly double[] _residual;
    private int _count;

    private SampleBlock(TrainingProblem problem, int[] samples, double[]? gathered)
    {
        _problem = problem;
        _samples = samples;
        _gathered = gathered;
        _count = samples.Length;
        _outputs = new double[samples.Length * problem.Data.OutputDimension];
        _residual = new double[_outputs.Length];
    }

    /// <summary>X of these samples, row-major.</summary>
    public ReadOnlySpan<double> Inputs => _gathered is null ? _problem.Data.Inputs.Values : _gathered.AsSpan(0, _count * _problem.Data.InputDimension);

    /// <summary>f of these samples, for a forward pass to write.</summary>
    public Span<double> Outputs => _outputs.AsSpan(0, _count * _problem.Data.OutputDimension);

    /// <summary>All samples, whose inputs stay where they are.</summary>
    public static SampleBlock Whole(TrainingProblem problem) => new(problem, [.. Enumerable.Range(0, problem.Data.Samples)], null);

    /// <summary>Room for a batch of so many samples.</summary>
    public static SampleBlock Batch(TrainingProblem problem, int size) => new(problem, new int[size], new double[size * problem.Data.InputDimension]);

    /// <summary>Takes a batch, no larger than there is room.</summary>
    public void Load(ReadOnlySpan<int> samples)
    {
        int d = _problem.Data.InputDimension;
        _count = samples.Length;
        samples.CopyTo(_samples);
        for (int k = 0; k < _count; k++)
        {
            _problem.Data.Inputs.Row(samples[k]).CopyTo(_gathered.AsSpan(k * d, d));
        }
    }

    /// <summary>The mean of ℓ over these samples.</summary>
    public double Loss()
    {
        int c = _problem.Data.OutputDimension;
        double sum = 0;
        for (int k = 0; k < _count; k++)
        {
            sum += _problem.Loss.OfSample(_outputs.AsSpan(k * c, c), _problem.Data.Targets.Row(_samples[k]));
        }

        return sum / _count;
    }

    /// <summary>r of these samples (rows of c), until the next call.</summary>
    public ReadOnlySpan<double> Residual()
    {
        int c = _problem.Data.OutputDimension;
        for (int k = 0; k < _count; k++)
        {
            _problem.Loss.ResidualOfSample(_outputs.AsSpan(k * c, c), _problem.Data.Targets.Row(_samples[k]), _residual.AsSpan(k * c, c));
        }

        return _residual.AsSpan(0, _count * c);
    }
}
