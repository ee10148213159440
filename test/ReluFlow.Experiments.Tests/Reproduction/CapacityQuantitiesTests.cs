using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Tests.Runs;

namespace ReluFlow.Experiments.Tests.Reproduction;

public sealed class CapacityQuantitiesTests : IDisposable
{
    private static readonly string[] Flow = ["dynamics={tolerance: 1e-9}", "initial={scale: 1e-6, seed: 1}", "network.width=60", "stop={time: 60, loss: 1e-14}", "analyses=[capacity]"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // [GF]: two directions interpolate the two samples; the neurons that point there are collinear up to powers of λ.
    [Fact]
    public void Of_OrthogonalToy_NeedsTwoNeurons()
    {
        RunResult run = ToyExperiment.Run(_folder["toy"], Flow);

        run.Summary.EffectiveWidth.ShouldBe(2);
        run.Summary.Capacity.ShouldNotBeNull().GuaranteedWidth.ShouldBe(2);
        run.Summary.Clusters.ShouldNotBeNull().Threshold.ShouldBe(0.99);
        Dictionary<string, double?> found = Comparison.Of(run).Quantities.ToDictionary(quantity => quantity.Name, quantity => quantity.Measured);
        found["effective-width"].ShouldBe(2);
        found["clusters"].ShouldBe(run.Summary.Clusters.Count);
        found["merged.change"]!.Value.ShouldBeLessThanOrEqualTo(found["merged.bound"]!.Value);
        found["merged.accuracy"].ShouldBe(1);
        found["reduced.width"].ShouldBe(2);
        found["reduced.accuracy"].ShouldBe(1);
    }

    [Fact]
    public void Summary_OfCapacity_ReadsBackFromItsFile()
    {
        Summary summary = ToyExperiment.Run(_folder["toy"], Flow).Summary;

        Summary read = RunDirectory.Open(_folder["toy"]).Summary;

        read.EffectiveWidth.ShouldBe(summary.EffectiveWidth);
        read.Clusters.ShouldBe(summary.Clusters);
        read.Capacity.ShouldBe(summary.Capacity);
        File.ReadAllText(_folder["toy/summary.json"]).ShouldContain("\"effective_width\": 2");
    }
}
