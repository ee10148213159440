using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>The data of an experiment.</summary>
/// <param name="Training">What is trained on.</param>
/// <param name="HeldOut">What is only measured on; null where there is none.</param>
/// <param name="ContentHash">Hex SHA-256 of the shapes and exact bytes of the resolved arrays.</param>
public sealed record ExperimentData(Dataset Training, Dataset? HeldOut, string ContentHash)
{
    /// <summary>Data without held-out samples, from memory.</summary>
    /// <param name="training">What is trained on, without a bias.</param>
    public static ExperimentData Of(Dataset training)
    {
        ArgumentNullException.ThrowIfNull(training);
        return new ExperimentData(training, null, Data.ContentHash.Of(training, null));
    }
}
