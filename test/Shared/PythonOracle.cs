using System.Text.Json;

namespace ReluFlow.Testing;

/// <summary>The system's Python with NumPy and SciPy, as a second route to our numbers.</summary>
internal static class PythonOracle
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Why scripts cannot run here, or null.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Runs a script given as text and returns what it prints.</summary>
    public static string Run(string script, params string[] arguments) => Succeed(["-c", script, .. arguments], "");

    /// <summary>Runs a script of test/oracles and returns what it prints.</summary>
    public static string RunFile(string script, params string[] arguments) => Succeed([Checkout.Oracle(script), .. arguments], "");

    /// <summary>Runs a script of test/oracles on a request, both in JSON over its standard streams.</summary>
    public static JsonElement Ask(string script, object request) => JsonDocument.Parse(Succeed([Checkout.Oracle(script)], JsonSerializer.Serialize(request))).RootElement;

    private static string Succeed(string[] arguments, string input)
    {
        Missing.ShouldBeNull();
        (int status, string output, string error) = ExternalProgram.Run(Python, arguments, input);
        status.ShouldBe(0, error);
        return output;
    }

    private static string? FindMissing() => !File.Exists(Python) ? $"{Python} is not installed"
        : ExternalProgram.Run(Python, ["-c", "import numpy, scipy"]).Status == 0 ? null
        : $"{Python} has no numpy and scipy";
}

/// <summary>A test that asks Python: skipped where there is none, unless RELUFLOW_REQUIRE_ALL=1.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (PythonOracle.Missing is { } missing && Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") != "1")
        {
            Skip = missing;
        }
    }
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute()
    {
        if (PythonOracle.Missing is { } missing && Environment.GetEnvironmentVariable("RELUFLOW_REQUIRE_ALL") != "1")
        {
            Skip = missing;
        }
    }
}
