using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>What is trained: data, a start and a loss.</summary>
public sealed record TrainingProblem
{
    /// <summary>Makes a problem.</summary>
    /// <exception cref="ArgumentException">The network's inputs or outputs do not have the dimension of the data's, or the loss is not of such targets.</exception>
    public TrainingProblem(Dataset data, ReluNetwork start, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(loss);
        if (start.InputDimension != data.InputDimension)
        {
            throw new ArgumentException($"W has {start.InputDimension} columns; the data have {data.InputDimension} input coordinates{(data.HasBias ? " (the bias included)" : "")}.", nameof(start));
        }

        if (start.OutputDimension != data.OutputDimension)
        {
            throw new ArgumentException($"a has {start.OutputDimension} columns; the data have {data.OutputDimension} targets.", nameof(start));
        }

        if (loss.FaultOf(data) is { } fault)
        {
            throw new ArgumentException(char.ToUpperInvariant(fault[0]) + fault[1..], nameof(loss));
        }

        Data = data;
        Start = start;
        Loss = loss;
    }

    /// <summary>X and Y.</summary>
    public Dataset Data { get; }

    /// <summary>θ(0).</summary>
    public ReluNetwork Start { get; }

    /// <summary>ℓ.</summary>
    public Loss Loss { get; }
}
