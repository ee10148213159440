using System.Text.Json.Nodes;

namespace ReluFlow.Lab.Tests;

/// <summary>Experiments as pages ask for them.</summary>
internal static class Requests
{
    /// <summary>The orthogonal toy by gradient flow: milliseconds.</summary>
    public const string Toy = """{"data":{"builtin":"orthogonal-toy"},"bias":true,"width":12,"scale":"1e-6","seed":3,"time":60,"saves":40}""";

    /// <summary>A descent of steps so small that it never ends by itself.</summary>
    public const string Endless = """{"data":{"builtin":"orthogonal-toy"},"bias":true,"width":12,"method":"gradient-descent","step":1e-5,"time":1000,"stopLoss":0,"saves":1000,"spacing":"linear","scale":"1e-100"}""";

    /// <summary>The toy with one field set to another value, given as JSON.</summary>
    public static string ToyWith(string field, string value)
    {
        JsonObject toy = JsonNode.Parse(Toy)!.AsObject();
        toy[field] = JsonNode.Parse(value);
        return toy.ToJsonString();
    }

    public static string Prepare(string experiment, uint request = 7) => $$"""{"kind":"prepare","request":{{request}},"experiment":{{experiment}}}""";
}
