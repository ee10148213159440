using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Tests.Sweeps;

/// <summary>Sweeps of the toy, whose runs take milliseconds.</summary>
internal static class ToySweep
{
    /// <summary>Three scales and two seeds.</summary>
    public const string Axes = """
          initial.scale: [1e-2, 3e-2, 1e-1]
          initial.seed: 0..1
        """;

    public static string Text(string axes = Axes, string more = "") => $$"""
        name: toy-sweep
        base:
          name: toy
          data: { source: builtin, name: orthogonal-toy }
          network: { width: 12, bias: true }
          initial: { scheme: balanced, scale: 1e-2, seed: 3 }
          stop: { time: 30, loss: 1e-6 }
          save: { count: 3 }
        axes:
        {{axes}}
        {{more}}
        """;

    public static SweepSpec Parse(string axes = Axes, string more = "") => SweepFile.Parse(Text(axes, more), "toy-sweep.yaml", Path.GetTempPath());

    public static SweepPlan Plan(string axes = Axes, string more = "") => new(Parse(axes, more));

    /// <summary>Runs all points and returns the table as CSV.</summary>
    public static string RunAndCollect(SweepPlan plan, string directory, int threads = 0)
    {
        var sweep = SweepDirectory.Create(plan, directory);
        SweepRunner.Run(sweep, sweep.Unfinished(), new SweepRunOptions { Threads = threads }, CancellationToken.None);
        return Csv(sweep);
    }

    public static string Csv(SweepDirectory sweep)
    {
        using var stream = new MemoryStream();
        SweepTable.Collect(sweep).WriteCsv(stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
