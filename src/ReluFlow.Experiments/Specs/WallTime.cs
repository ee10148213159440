using System.Globalization;

namespace ReluFlow.Experiments.Specs;

/// <summary>Times on the clock as specs write them: <c>90s</c>, <c>10m</c>, <c>2h</c>, <c>1d</c>, with decimals where wanted.</summary>
internal static class WallTime
{
    private static readonly (char Letter, decimal Milliseconds)[] Units = [('d', 86_400_000), ('h', 3_600_000), ('m', 60_000), ('s', 1_000)];

    /// <summary>Reads a positive time of whole milliseconds up to <see cref="StopSpec.LongestWall"/>; null where the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text.Length < 2
            || Array.Find(Units, unit => unit.Letter == text[^1]) is not { Milliseconds: > 0 } unit
            || !decimal.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || number > (decimal)StopSpec.LongestWall.TotalMilliseconds)
        {
            return null;
        }

        decimal milliseconds = decimal.Round(number * unit.Milliseconds);
        return milliseconds >= 1 && milliseconds <= (decimal)StopSpec.LongestWall.TotalMilliseconds ? TimeSpan.FromMilliseconds((long)milliseconds) : null;
    }

    /// <summary>Writes a time in the largest unit that divides it, or in seconds with decimals.</summary>
    public static string Write(TimeSpan time)
    {
        decimal milliseconds = (decimal)time.TotalMilliseconds;
        (char letter, decimal size) = Array.Find(Units, unit => milliseconds % unit.Milliseconds == 0) is { Milliseconds: > 0 } whole ? whole : Units[^1];
        return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / size}{letter}");
    }
}
