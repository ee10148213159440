using System.Text.Json;

namespace ReluFlow.Experiments;

/// <summary>The names of enumeration values as JSON has them: <c>GateChange</c> is <c>gate_change</c>.</summary>
public static class SnakeName
{
    /// <summary>The name of a value.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
