using System.Globalization;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>Which of many things are drawn: by a fixed rule, never at random.</summary>
internal static class Selection
{
    /// <summary>How many neurons are drawn as points: more are seen as a cloud and make a page slow.</summary>
    public const int MostPoints = 500;

    /// <summary>Neurons evenly spaced in the order of the last ‖a_j‖‖w_j‖, the largest and the smallest among them; all where there are no more than <paramref name="most"/>.</summary>
    /// <returns>Their indices, increasing.</returns>
    public static IReadOnlyList<int> Neurons(ReluNetwork last, int most)
    {
        int[] ordered = [.. Enumerable.Range(0, last.Width).OrderByDescending(last.LogNormProduct)];
        return [.. Evenly(ordered.Length, most).Select(rank => ordered[rank]).Order()];
    }

    /// <summary>So many of something: 1 neuron, 2 neurons.</summary>
    public static string InWords(int count, string one = "neuron") => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? "" : "s")}");

    /// <summary>What is to be said of <see cref="Neurons"/>; null where all are drawn.</summary>
    public static string? RemarkOnNeurons(int all, int drawn) => drawn == all ? null
        : string.Create(CultureInfo.InvariantCulture, $"{drawn:N0} of {all:N0} neurons are drawn, evenly spaced in the order of the last ‖a‖‖w‖, the largest among them");

    /// <summary>Of <paramref name="count"/> indices, <paramref name="most"/> evenly spaced ones with the first and the last; all where there are no more.</summary>
    public static IReadOnlyList<int> Evenly(int count, int most) => count <= most
        ? [.. Enumerable.Range(0, count)]
        : [.. Enumerable.Range(0, most).Select(i => (int)((long)i * (count - 1) / (most - 1)))];
}
