using System.ComponentModel;
using System.Text.Json;
using ReluFlow.Networks;

namespace ReluFlow.Testing;

/// <summary>Others' programs for ONNX models: the checker of Debian's python3-onnx, and onnxruntime-web in Node.</summary>
internal static class OnnxOracle
{
    private const string Python = "/usr/bin/python3";

    private static string RuntimeFolder { get; } = Path.Combine(Checkout.Root, "test", "onnxruntime");

    /// <summary>Why models cannot be checked and run here, or null.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Has a model checked, its shapes inferred, and told as the operators of its nodes, one a word.</summary>
    public static string Check(string model)
    {
        const string Script = """
            import sys, onnx
            model = onnx.load(sys.argv[1])
            onnx.checker.check_model(model, full_check=True)
            onnx.shape_inference.infer_shapes(model, strict_mode=True)
            print(' '.join(node.op_type for node in model.graph.node))
            """;
        Missing.ShouldBeNull();
        (int status, string output, string error) = ExternalProgram.Run(Python, ["-c", Script, model]);
        status.ShouldBe(0, error);
        return output.Trim();
    }

    /// <summary>The outputs of a model on inputs (n × d), row-major.</summary>
    public static double[] Evaluate(string model, Matrix inputs, string type)
    {
        Missing.ShouldBeNull();
        string request = JsonSerializer.Serialize(new { model, type, columns = inputs.Columns, inputs = inputs.Values.ToArray() });
        (int status, string output, string error) = ExternalProgram.Run("node", [Path.Combine(RuntimeFolder, "run.mjs")], request);
        status.ShouldBe(0, error);
        JsonElement answer = JsonDocument.Parse(output).RootElement;
        answer.GetProperty("dims")[0].GetInt32().ShouldBe(inputs.Rows);
        return [.. answer.GetProperty("outputs").EnumerateArray().Select(value => value.GetDouble())];
    }

    private static string? FindMissing()
    {
        if (!Directory.Exists(Path.Combine(RuntimeFolder, "node_modules", "onnxruntime-web")))
        {
            return "test/onnxruntime is not installed (npm ci)";
        }

        try
        {
            return ExternalProgram.Run("node", ["--version"]).Status != 0 ? "node does not run"
                : ExternalProgram.Run(Python, ["-c", "import onnx"]).Status != 0 ? $"{Python} has no onnx"
                : null;
        }
        catch (Win32Exception)
        {
            return $"node or {Python} is not installed";
        }
    }
}

/// <summary>A test that asks programs for ONNX: skipped where they are not there, unless RELUFLOW_REQUIRE_ALL=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OnnxFactAttribute : FactAttribute
{
    public OnnxFactAttribute()
    {
        if (OnnxOracle.Missing is { } missing && Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") != "1")
        {
            Skip = missing;
        }
    }
}
