namespace ReluFlow.Cli.Tests;

/// <summary>Small sweeps.</summary>
internal static class SweepSpecs
{
    /// <summary>The toy from starts so large that a run takes milliseconds.</summary>
    public static string Toy(string axes = "initial.scale: [1e-2, 1e-1], seeds: 0..2", string more = "") => $$"""
        name: toys
        base:
          name: toy
          data:     { source: builtin, name: orthogonal-toy }
          network:  { width: 12, bias: true }
          stop:     { time: 30, loss: 1e-6 }
          save:     { count: 25, spacing: linear }
          analyses: [saddles]
        axes: { {{axes}} }
        {{more}}
        """;

    /// <summary>Two hundred of them.</summary>
    public static string TwoHundred => Toy("initial.scale: { logspace: [1e-1, 1e-2, 10] }, seeds: 0..19");
}
