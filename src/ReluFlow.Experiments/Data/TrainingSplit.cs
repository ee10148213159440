using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>A random choice of training samples; the others are held out.</summary>
internal static class TrainingSplit
{
    // More distinct targets than this are a regression, whose labels cannot be balanced.
    private const int MostClasses = 1000;

    /// <summary>
    /// Chooses <paramref name="samples"/> rows, as many of each label as of any other as far as there are enough; both parts keep the order of the data.
    /// A label is a scalar target or the class of a one-hot one. Other vector targets, and scalar ones without repetitions, are chosen uniformly. Nothing is held out where all are chosen.
    /// </summary>
    /// <exception cref="InputException">More samples are asked for than there are, or none.</exception>
    public static (Dataset Training, Dataset? HeldOut) Draw(Dataset data, int samples, ulong seed)
    {
        if (samples < 1 || samples > data.Samples)
        {
            throw new InputException($"data.samples: {samples} asked for; {data.Name} has {data.Samples} to choose from.");
        }

        if (samples == data.Samples)
        {
            return (data, null);
        }

        var chosen = new bool[data.Samples];
        var stream = new RandomStream(seed);
        int[][] groups = GroupsOf(data);
        int[] quotas = Quotas([.. groups.Select(static group => group.Length)], samples);
        for (int g = 0; g < groups.Length; g++)
        {
            foreach (int position in stream.NextPermutation(groups[g].Length).Take(quotas[g]))
            {
                chosen[groups[g][position]] = true;
            }
        }

        return (Part(data, chosen, true, $"{samples} chosen with seed {seed}"), Part(data, chosen, false, "held out"));
    }

    /// <summary>Divides a total among groups of given sizes: equal shares, what a small group lacks spread over the others, the remainder to the first.</summary>
    internal static int[] Quotas(int[] sizes, int total)
    {
        var quotas = new int[sizes.Length];
        int left = total;
        int[] smallestFirst = [.. Enumerable.Range(0, sizes.Length).OrderBy(g => sizes[g]).ThenByDescending(static g => g)];
        for (int i = 0; i < smallestFirst.Length; i++)
        {
            int g = smallestFirst[i];
            quotas[g] = Math.Min(sizes[g], left / (smallestFirst.Length - i));
            left -= quotas[g];
        }

        return quotas;
    }

    // Rows by label, labels ascending; one group where labels mean nothing.
    private static int[][] GroupsOf(Dataset data)
    {
        int[] all = [.. Enumerable.Range(0, data.Samples)];
        bool oneHot = OneHot.Is(data.Targets);
        if (data.OutputDimension != 1 && !oneHot)
        {
            return [all];
        }

        int[][] groups = [.. all.GroupBy(k => oneHot ? OneHot.ClassOf(data.Targets.Row(k)) : data.Targets[k, 0]).OrderBy(static group => group.Key).Select(static group => group.ToArray())];
        return groups.Length > Math.Min(MostClasses, data.Samples / 2) ? [all] : groups;
    }

    private static Dataset Part(Dataset data, bool[] chosen, bool kept, string note)
    {
        int[] rows = [.. Enumerable.Range(0, data.Samples).Where(k => chosen[k] == kept)];
        return new Dataset(data.Inputs.SelectRows(rows), data.Targets.SelectRows(rows), data.Name, $"{data.Provenance}; {note}");
    }
}
