namespace ReluFlow.Networks;

/// <summary>n samples: inputs X (n × d, one row a sample) and targets Y (n × c).</summary>
/// <remarks>A bias is the last input coordinate, equal to 1 (<see cref="WithBias"/>). Source: [GF], section 2.</remarks>
public sealed class Dataset
{
    /// <summary>Makes a data set.</summary>
    /// <param name="inputs">X, n × d, finite.</param>
    /// <param name="targets">Y, n × c, finite.</param>
    /// <param name="name">A short name for titles and file names.</param>
    /// <param name="provenance">Where the numbers come from: a file, a generator with its seed, a paper.</param>
    /// <param name="hasBias">Whether the last coordinate of every input is the bias 1.</param>
    /// <exception cref="ArgumentException">No samples, shapes that do not fit, or a value that is not finite.</exception>
    public Dataset(Matrix inputs, Matrix targets, string name, string provenance, bool hasBias = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (inputs.Rows == 0 || inputs.Columns == 0 || targets.Columns == 0)
        {
            throw new ArgumentException($"X is {inputs.Rows} × {inputs.Columns} and y is {targets.Rows} × {targets.Columns}; at least one sample, input and output are needed.", nameof(inputs));
        }

        if (inputs.Rows != targets.Rows)
        {
            throw new ArgumentException($"X has {inputs.Rows} rows and y has {targets.Rows}; expected as many.", nameof(targets));
        }

        RequireFinite(inputs, "X");
        RequireFinite(targets, "y");
        Inputs = inputs;
        Targets = targets;
        Name = name;
        Provenance = provenance;
        HasBias = hasBias;
    }

    /// <summary>X, n × d, row-major.</summary>
    public Matrix Inputs { get; }

    /// <summary>Y, n × c, row-major.</summary>
    public Matrix Targets { get; }

    /// <summary>A short name.</summary>
    public string Name { get; }

    /// <summary>Where the numbers come from.</summary>
    public string Provenance { get; }

    /// <summary>Whether the last coordinate of every input is the bias 1.</summary>
    public bool HasBias { get; }

    /// <summary>n, the number of samples.</summary>
    public int Samples => Inputs.Rows;

    /// <summary>d, the number of input coordinates, the bias included.</summary>
    public int InputDimension => Inputs.Columns;

    /// <summary>c, the number of outputs.</summary>
    public int OutputDimension => Targets.Columns;

    /// <summary>The same data with the coordinate 1 appended to every input.</summary>
    /// <exception cref="InvalidOperationException">There is a bias already.</exception>
    public Dataset WithBias() => HasBias
        ? throw new InvalidOperationException($"Data set '{Name}' has a bias already.")
        : new Dataset(Inputs.WithColumn(1), Targets, Name, Provenance, hasBias: true);

    private static void RequireFinite(Matrix matrix, string name)
    {
        for (int i = 0; i < matrix.Rows; i++)
        {
            ReadOnlySpan<double> row = matrix.Row(i);
            for (int k = 0; k < row.Length; k++)
            {
                if (!double.IsFinite(row[k]))
                {
                    throw new ArgumentException($"{name}[{i}, {k}] is {row[k]}; a finite number is expected.");
                }
            }
        }
    }
}
