namespace ReluFlow.Experiments.Sweeps;

/// <summary>Cells of CSV: in double quotes where they have a comma, a quote or the end of a line.</summary>
internal static class CsvText
{
    public static string Of(string? cell) => cell is null ? "" : cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
