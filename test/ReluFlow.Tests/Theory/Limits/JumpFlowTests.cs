using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Theory.Limits;
using Xunit.Abstractions;

namespace ReluFlow.Tests.Theory.Limits;

/// <summary>The limit process against the flow itself at tiny scales: the flow knows nothing of potentials, gates phases or orbits.</summary>
public class JumpFlowTests(ITestOutputHelper output)
{
    private const int Instances = 50;

    [Fact]
    [Trait("Category", "Slow")]
    public void Probe()
    {
        for (int instance = 0; instance < Instances; instance++)
        {
            (Dataset data, ReluNetwork start) = JumpCases.Orthogonal(instance);
            var process = new JumpProcess(data, start);
            if (process.Path.Jumps.Count == 0)
            {
                output.WriteLine($"{instance}: n {data.Samples} m {start.Width} no jumps");
                continue;
            }

            var sw = System.Diagnostics.Stopwatch.StartNew();
            var times = new FiniteScaleTimes(process);
            double tt = sw.Elapsed.TotalMilliseconds;
            LogNumber scale = JumpCases.PowerOfTen(-300);
            double[] expected = [.. process.Path.Jumps.Select((_, i) => times.Time(i, scale))];
            Trajectory run = JumpCases.Run(data, start, process.Path, scale, expected, 1e-5);
            var m = new JumpMeasurement(process.Path, scale, run);
            output.WriteLine($"{instance}: n {data.Samples} m {start.Width} jumps {process.Path.Jumps.Count} same {m.SameOrder} plateau {m.PlateauDeviation:E1} coinc {process.Coincidences.Count} dt {string.Join(" ", m.RescaledTimes.Select((t, i) => ((t * -scale.Log) - expected[i])?.ToString("E1")))} c {string.Join(" ", times.Offsets.Select(c => c.ToString("F1")))} ms {tt:F0} {sw.Elapsed.TotalMilliseconds:F0}");
        }
    }
}
