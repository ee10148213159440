using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Tests;

/// <summary>A run of a few lines of spec, in memory.</summary>
internal static class DrawnRun
{
    public static RunResult Of(TemporaryFolder folder, params string[] overrides)
    {
        var spec = SpecFile.Parse("""
            name: drawn
            data:     { source: builtin, name: orthogonal-toy }
            network:  { width: 20, bias: true }
            initial:  { scheme: balanced, scale: 1e-6, seed: 1 }
            dynamics: { method: gradient-flow, tolerance: 1e-8 }
            stop:     { time: 40, loss: 1e-14 }
            save:     { count: 41, spacing: linear }
            analyses: [saddles, variation-norm, race, capacity]
            """, "drawn.yaml", overrides);
        return ExperimentRunner.Run(Experiment.Resolve(spec, folder.Path), new RunOptions { OutputDirectory = folder[$"run{Guid.NewGuid():N}"] }, CancellationToken.None);
    }
}
