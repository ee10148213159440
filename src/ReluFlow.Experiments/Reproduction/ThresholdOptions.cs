namespace ReluFlow.Experiments.Reproduction;

/// <summary>What <see cref="InterpolationThreshold"/> draws: the key <c>threshold</c> of an expectation file.</summary>
public sealed record ThresholdOptions
{
    /// <summary>The numbers n of samples, each also the dimension of the inputs.</summary>
    public IReadOnlyList<int> Samples { get; init; } = [];

    /// <summary>How many data sets and starts are drawn for each n and width.</summary>
    public int Draws { get; init; }

    /// <summary>From how many of them the flow is followed.</summary>
    public int Followed { get; init; }

    /// <summary>ε, the probability of failure that the width is for.</summary>
    public double Failure { get; init; }

    internal void Validate(string sourceName)
    {
        if (Samples.Count == 0 || Samples.Any(samples => samples < 2) || Draws < 1 || Followed < 1 || Followed > Draws || !(Failure is > 0 and < 1))
        {
            throw new InputException($"{sourceName}: threshold needs samples ≥ 2, 1 ≤ followed ≤ draws and a failure in (0, 1).");
        }
    }
}
