namespace ReluFlow.Experiments;

/// <summary>Text of a file as it may stand in a message: one line, of bounded length.</summary>
public static class Excerpt
{
    private const int Longest = 100;

    /// <summary>The beginning of a text, with marks in place of control characters.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string trimmed = text.Trim();
        string start = trimmed.Length <= Longest ? trimmed : trimmed[..Longest] + "…";
        return string.Concat(start.Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
    }
}
