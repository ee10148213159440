namespace ReluFlow.Cli.Tests;

/// <summary>Small specs.</summary>
internal static class Specs
{
    /// <summary>The toy from a start so large that it interpolates within a second.</summary>
    public const string Toy = """
        name: toy
        data:     { source: builtin, name: orthogonal-toy }
        network:  { width: 12, bias: true }
        initial:  { scheme: balanced, scale: 1e-2, seed: 3 }
        dynamics: { method: gradient-flow, tolerance: 1e-8 }
        stop:     { time: 30, loss: 1e-6 }
        save:     { count: 25, spacing: linear }
        """;

    /// <summary>A descent that would go on for hours.</summary>
    public const string Endless = """
        name: endless
        data:     { source: builtin, name: orthogonal-toy }
        network:  { width: 12, bias: true }
        initial:  { scheme: balanced, scale: 1e-6, seed: 3 }
        dynamics: { method: gradient-descent, step: 1e-9 }
        stop:     { time: 40, loss: 0 }
        save:     { count: 5, spacing: linear }
        """;

    /// <summary>A spec whose data are a file.</summary>
    public static string OfFile(string path) => $$"""
        name: of-file
        data:     { source: file, path: {{path}} }
        network:  { width: 4, bias: true }
        initial:  { scheme: balanced, scale: 1e-2, seed: 1 }
        dynamics: { method: gradient-descent, step: 1e-2 }
        stop:     { time: 1 }
        """;
}
