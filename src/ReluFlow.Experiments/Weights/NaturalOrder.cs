using System.Text.RegularExpressions;

namespace ReluFlow.Experiments.Weights;

/// <summary>The order of names in which numbers count as numbers: layer2 before layer10.</summary>
internal static partial class NaturalOrder
{
    // More digits than a 64-bit number has.
    private const int Digits = 20;

    /// <summary>Compares two names by this order.</summary>
    public static IComparer<string> Comparer { get; } = Comparer<string>.Create(static (x, y) => string.CompareOrdinal(Padded(x), Padded(y)));

    private static string Padded(string name) => Number().Replace(name, static number => number.Value.PadLeft(Digits, '0'));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
