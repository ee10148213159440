using ReluFlow.Networks;
using ReluFlow.Theory.Limits;
using Xunit.Abstractions;

namespace ReluFlow.Tests.Theory.Limits;

public class AlternatingProcessTests(ITestOutputHelper output)
{
    [Fact]
    public void Probe()
    {
        foreach ((string name, int m) in new[] { ("orthogonal-toy", 60), ("nonorthogonal-toy", 60), ("early-alignment-3pt", 30), ("stewart-40", 40) })
        {
            for (ulong seed = 1; seed <= 3; seed++)
            {
                Dataset data = BuiltinDatasets.Make(name, 1).WithBias();
                ReluNetwork start = Initialization.Balanced(m, data.InputDimension - 1, true, JumpCases.Unit, seed);
                try
                {
                    var sw = System.Diagnostics.Stopwatch.StartNew();
                    var p = new AlternatingProcess(data, start);
                    output.WriteLine($"{name} {seed}: {p.Status} first {p.Path.FirstLoss} ms {sw.Elapsed.TotalMilliseconds:F0} coinc {p.Coincidences.Count}");
                    foreach (Jump j in p.Path.Jumps)
                    {
                        output.WriteLine($"   tau {j.RescaledTime:G10} rate {j.Rate:G5} loss {j.Loss:G10} norm {j.SquaredNorm:G10} neurons {string.Join(',', j.Neurons)} fitted {string.Join(',', j.FittedSamples)}");
                    }
                }
                catch (Exception e)
                {
                    output.WriteLine($"{name} {seed}: {e}");
                }
            }
        }

        for (int i = 0; i < 50; i++)
        {
            (Dataset data, ReluNetwork start) = JumpCases.Orthogonal(i);
            var exact = new JumpProcess(data, start);
            try
            {
                var p = new AlternatingProcess(data, start);
                bool same = exact.Path.Jumps.Count == p.Path.Jumps.Count && exact.Path.Jumps.Zip(p.Path.Jumps).All(z => z.First.Neurons.SequenceEqual(z.Second.Neurons) && z.First.FittedSamples.SequenceEqual(z.Second.FittedSamples));
                output.WriteLine($"{i}: {same} {exact.Path.Jumps.Count} {p.Path.Jumps.Count} {p.Status} " + string.Join(" ", exact.Path.Jumps.Zip(p.Path.Jumps, (a, b) => $"{b.RescaledTime - a.RescaledTime:E1}/{b.Loss - a.Loss:E1}/{b.SquaredNorm - a.SquaredNorm:E1}")));
            }
            catch (Exception e)
            {
                output.WriteLine($"{i}: {e.Message}");
            }
        }
    }
}
