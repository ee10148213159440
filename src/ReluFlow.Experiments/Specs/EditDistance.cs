namespace ReluFlow.Experiments.Specs;

/// <summary>The number of insertions, deletions, substitutions and swaps of neighbours that make one word of another (optimal string alignment).</summary>
public static class EditDistance
{
    // A key is short; anything longer is as far from every key as its first letters are.
    private const int LongestWord = 64;

    /// <summary>The distance of two words. Cost O(a b) in their lengths.</summary>
    public static int Between(string first, string second)
    {
        string a = first.Length > LongestWord ? first[..LongestWord] : first, b = second.Length > LongestWord ? second[..LongestWord] : second;
        var distance = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                distance[i, j] = i == 0 || j == 0 ? i + j : Step(distance, a, b, i, j);
            }
        }

        return distance[a.Length, b.Length];
    }

    private static int Step(int[,] distance, string a, string b, int i, int j)
    {
        int substitution = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        int least = Math.Min(substitution, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
        bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(least, distance[i - 2, j - 2] + 1) : least;
    }
}
