using ReluFlow.Experiments.Specs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Tests.Runs;

/// <summary>Starts of infinitely wide networks, as a spec asks for them.</summary>
public sealed class QuadratureNodesTests
{
    [Fact]
    public void Resolve_Quadrature_IsTheNodesOfTheLaw()
    {
        LogNumber scale = new(Math.Log(1e-2));
        ReluNetwork Start(string scheme, int width) => ToyExperiment.Resolve($"initial={{scheme: {scheme}, neurons: quadrature, scale: 1e-2}}", $"network.width={width}").Problem.Start;

        foreach ((ReluNetwork start, ReluNetwork expected) in new[]
        {
            (Start("balanced", 14), MeanFieldStart.Balanced(7, hasBias: true, scale)),
            (Start("unbalanced", 32), MeanFieldStart.Unbalanced(8, 4, scale)),
            (Start("dominated", 18), MeanFieldStart.Dominated(3, scale)),
        })
        {
            start.InputWeights.Values.ToArray().ShouldBe(expected.InputWeights.Values.ToArray());
            start.LogScales.ToArray().ShouldBe(expected.LogScales.ToArray());
        }
    }

    [Theory]
    [InlineData("balanced", 15, "2 k, k ≥ 3: 14 or 16 is expected.")]
    [InlineData("balanced", 4, "2 k, k ≥ 3: 6 or 8 is expected.")]
    [InlineData("dominated", 100, "2 k², k ≥ 3: 98 or 128 is expected.")]
    [InlineData("unbalanced", 1000, "2 k², k ≥ 3: 968 or 1058 is expected.")]
    public void Resolve_QuadratureOfAnotherWidth_NamesTheNearest(string scheme, int width, string message) =>
        Should.Throw<InputException>(() => ToyExperiment.Resolve($"initial={{scheme: {scheme}, neurons: quadrature}}", $"network.width={width}")).Message.ShouldEndWith("quadrature nodes of this scheme come in " + message);

    [Fact]
    public void Resolve_QuadratureInSpace_SaysThatItIsForAPlane() =>
        Should.Throw<InputException>(() => ToyExperiment.Resolve("data={source: orthogonal, samples: 3, dimension: 4}", "initial={neurons: quadrature}", "network.width=8"))
            .Message.ShouldStartWith("initial.neurons is quadrature, which is for two input coordinates");

    [Fact]
    public void Resolve_QuadratureWithASeed_SaysThatItHasNone() =>
        Should.Throw<InputException>(() => SpecFile.Parse(ToyExperiment.Yaml.Replace("initial: { ", "initial: { neurons: quadrature, ", StringComparison.Ordinal), "toy.yaml", []))
            .Message.ShouldContain("initial.seed has no meaning with neurons quadrature");
}
