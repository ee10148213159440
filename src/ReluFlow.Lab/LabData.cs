using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Lab;

/// <summary>The data of a request: how a spec names them and, where they came with the request, the data themselves.</summary>
/// <param name="Spec">The data as a spec has them.</param>
/// <param name="Points">The data at hand; null where the spec tells how to get them.</param>
internal sealed record LabData(DataSpec Spec, Dataset? Points)
{
    /// <summary>Gets the data; held-out samples are left out.</summary>
    /// <exception cref="Experiments.InputException">The spec cannot be met.</exception>
    /// <exception cref="RefusedException">They are beyond a limit.</exception>
    public ExperimentData Load(LabLimits limits, CancellationToken cancellation) =>
        ExperimentData.Of(Points ?? Within(limits, DataSource.Load(Spec, cancellation).Training, "data"));

    /// <summary>The data set, where it is within the limits.</summary>
    /// <exception cref="RefusedException">It is not.</exception>
    public static Dataset Within(LabLimits limits, Dataset data, string field)
    {
        (string What, int Count, int Most)[] counts =
            [("samples", data.Samples, limits.Samples), ("input coordinates", data.InputDimension, limits.InputDimension), ("outputs", data.OutputDimension, limits.Outputs)];
        foreach ((string what, int count, int most) in counts.Where(count => count.Count > count.Most))
        {
            throw new RefusedException($"data set '{data.Name}' has {count} {what}; at most {most} are allowed.", field);
        }

        return data;
    }
}
