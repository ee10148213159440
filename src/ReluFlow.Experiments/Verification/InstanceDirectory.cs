using System.Text;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification;

/// <summary>An instance as an experiment that <c>run</c> takes: <c>experiment.yaml</c>, <c>data.npz</c> and <c>start.npz</c>.</summary>
public static class InstanceDirectory
{
    private const string SpecName = "experiment.yaml", DataName = "data.npz", StartName = "start.npz";

    /// <summary>Writes an instance; the directory appears whole or not at all, and other files in it stay.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="name">The experiment's name.</param>
    /// <param name="directory">Where to.</param>
    /// <returns>The path of the spec.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Write(Instance instance, string name, string directory)
    {
        ArgumentNullException.ThrowIfNull(instance);
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        using var partial = new PartialDirectory(target);
        using (FileStream data = File.Create(Path.Combine(partial.Location, DataName)))
        {
            NpzFile.Write(data, [new("X", NpyArray.Of(InputsOf(instance.Data))), new("y", NpyArray.Of([instance.Data.Samples], instance.Data.Targets.Values.ToArray()))]);
        }

        using (FileStream start = File.Create(Path.Combine(partial.Location, StartName)))
        {
            NetworkFile.Write(start, instance.Start);
        }

        File.WriteAllText(Path.Combine(partial.Location, SpecName), SpecFile.Write(SpecOf(instance, name)), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        partial.Publish(() => false, [SpecName, DataName, StartName]);
        return Path.Combine(target, SpecName);
    }

    private static ExperimentSpec SpecOf(Instance instance, string name) => new()
    {
        Name = name,
        Data = new DataSpec { Source = "file", Path = DataName },
        Network = new NetworkSpec { Width = instance.Start.Width, Bias = instance.Data.HasBias },
        Initial = new InitialSpec { Scheme = InitialScheme.File, Path = StartName },
        Dynamics = new GradientFlowSpec { Tolerance = instance.Tolerance },
        Stop = new StopSpec { Time = instance.Time, Loss = instance.Loss },
        Analyses = ["saddles", "variation-norm"],
    };

    // A spec appends the bias itself.
    private static Matrix InputsOf(Dataset data) => data.HasBias
        ? Matrix.FromRows([.. Enumerable.Range(0, data.Samples).Select(k => data.Inputs.Row(k)[..^1].ToArray())])
        : data.Inputs;
}
