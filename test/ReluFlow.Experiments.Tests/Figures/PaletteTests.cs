using System.Globalization;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Figures.Tables;
using ReluFlow.Experiments.Figures.VegaLite;

namespace ReluFlow.Experiments.Tests.Figures;

/// <summary>Contrasts by the formula of the Web Content Accessibility Guidelines 2.2: (lighter + 0.05) / (darker + 0.05) of relative luminances.</summary>
public class PaletteTests
{
    private const string White = "#ffffff", Night = "#15181c";

    // What the guidelines ask of graphics, and of text.
    private const double Graphics = 3, Text = 4.5;

    // Of two lines that print in grey beside each other: two steps of lightness of ten.
    private const double Pair = 1.75;

    private static readonly string[] s_all = [Palette.Positive, Palette.Negative, Palette.Unsigned, Palette.Measured, Palette.Predicted, Palette.Saddle, Palette.Ink, Palette.Guide, Palette.Cursor];

    [Fact]
    public void Colours_OnTheirGround_AreSeen()
    {
        foreach (string colour in s_all)
        {
            Contrast(colour, White).ShouldBeGreaterThanOrEqualTo(Graphics, colour);
            Contrast(Palette.Dark[colour], Night).ShouldBeGreaterThanOrEqualTo(Graphics, colour);
        }

        foreach (string text in (string[])[Palette.Ink, Palette.Measured])
        {
            Contrast(text, White).ShouldBeGreaterThanOrEqualTo(Text, text);
            Contrast(Palette.Dark[text], Night).ShouldBeGreaterThanOrEqualTo(Text, text);
        }
    }

    [Theory]
    [InlineData(Palette.Measured, Palette.Predicted)]
    [InlineData(Palette.Positive, Palette.Negative)]
    public void Colours_OfAPair_DifferInLightness(string one, string other)
    {
        Contrast(one, other).ShouldBeGreaterThanOrEqualTo(Pair);
        Contrast(Palette.Dark[one], Palette.Dark[other]).ShouldBeGreaterThanOrEqualTo(Pair);
    }

    [Fact]
    public void Dark_Colours_AreDistinct() => Palette.Dark.Values.Distinct().Count().ShouldBe(Palette.Dark.Count);

    [Fact]
    public void OpenGates_OnEitherGround_AreSeenInColoursThatNoThemeExchanges()
    {
        foreach (uint gate in GatesFigure.Open)
        {
            string colour = Hex(gate);
            Contrast(colour, White).ShouldBeGreaterThanOrEqualTo(Graphics, colour);
            Contrast(colour, Night).ShouldBeGreaterThanOrEqualTo(Graphics, colour);
            Palette.Dark.ContainsKey(colour).ShouldBeFalse(colour);
        }
    }

    [Fact]
    public void EndsOfCosines_OnEitherGround_AreSeenAndDifferInLightness()
    {
        string[] ends = [Hex(CosinesFigure.Opposite), Hex(CosinesFigure.Same)];

        Contrast(ends[0], ends[1]).ShouldBeGreaterThanOrEqualTo(Pair);
        foreach (string end in ends)
        {
            Contrast(end, White).ShouldBeGreaterThanOrEqualTo(Graphics, end);
            Contrast(end, Night).ShouldBeGreaterThanOrEqualTo(Graphics, end);
            Palette.Dark.ContainsKey(end).ShouldBeFalse(end);
        }
    }

    [Fact]
    public void EmptyCells_OfAHeatMap_AreSeenOnEitherGroundAndBesideTheEndsOfTheScale()
    {
        string[] colours = [.. HeatMapFigure.Colors().Select(Hex)];

        foreach (string other in (string[])[White, Night, colours[1], colours[^1]])
        {
            Contrast(colours[0], other).ShouldBeGreaterThanOrEqualTo(Graphics, other);
        }
    }

    private static string Hex(uint colour) => $"#{colour >> 8:x6}";

    private static double Contrast(string one, string other)
    {
        double first = Luminance(one), second = Luminance(other);
        return (Math.Max(first, second) + 0.05) / (Math.Min(first, second) + 0.05);
    }

    private static double Luminance(string colour) => (0.2126 * Linear(colour, 1)) + (0.7152 * Linear(colour, 3)) + (0.0722 * Linear(colour, 5));

    private static double Linear(string colour, int at)
    {
        double part = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
