using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Tests.Runs;

/// <summary>The orthogonal toy by a few hundred steps of descent, which take milliseconds.</summary>
internal static class ToyExperiment
{
    public const string Yaml = """
        name: toy
        data: { source: builtin, name: orthogonal-toy }
        network: { width: 5, bias: true }
        initial: { scale: 1e-2, seed: 3 }
        dynamics: { method: gradient-descent, step: 0.05 }
        stop: { time: 20 }
        save: { count: 11, spacing: linear }
        """;

    public static ExperimentSpec Spec(params string[] overrides) => SpecFile.Parse(Yaml, "toy.yaml", overrides);

    public static Experiment Resolve(params string[] overrides) => Experiment.Resolve(Spec(overrides), Path.GetTempPath());

    public static RunResult Run(string directory, params string[] overrides) => Run(Resolve(overrides), new RunOptions { OutputDirectory = directory });

    public static RunResult Run(Experiment experiment, RunOptions options, CancellationToken cancellation = default) => ExperimentRunner.Run(experiment, options, cancellation);

    /// <summary>What is in a folder, in the order of names.</summary>
    public static string[] NamesIn(string path) => [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
}
