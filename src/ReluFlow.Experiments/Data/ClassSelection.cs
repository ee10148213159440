using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>The labels kept of a data set with scalar targets, and the targets that they become.</summary>
/// <remarks>Of two classes the first becomes +1 and the second −1; of more, targets become one-hot in the order listed; of one alone the label stays.</remarks>
internal sealed class ClassSelection
{
    private readonly int[] _classes;

    /// <exception cref="InputException">There is no class or one comes twice.</exception>
    public ClassSelection(IReadOnlyList<int> classes)
    {
        _classes = [.. classes];
        if (_classes.Length == 0)
        {
            throw new InputException("data.classes: the list is empty; expected at least one label.");
        }

        if (_classes.GroupBy(static label => label).FirstOrDefault(static group => group.Count() > 1) is { } repeated)
        {
            throw new InputException($"data.classes: {repeated.Key} comes twice; expected different labels.");
        }
    }

    /// <summary>Whether samples of this label are kept.</summary>
    public bool Keeps(double label) => Array.Exists(_classes, kept => kept == label);

    /// <summary>Requires every class among the labels found.</summary>
    /// <exception cref="InputException">A class has no samples.</exception>
    public void RequireAmong(IReadOnlySet<double> labels, string source)
    {
        foreach (int label in _classes.Where(label => !labels.Contains(label)))
        {
            throw new InputException($"data.classes: no sample of {source} has the label {label}; the labels found are {Listed(labels)}.");
        }
    }

    /// <summary>The samples of these classes, in their order, with their new targets.</summary>
    /// <exception cref="InputException">The targets are vectors or a class has no samples.</exception>
    public Dataset Apply(Dataset data)
    {
        if (data.OutputDimension != 1)
        {
            throw new InputException($"data.classes: the targets of {data.Name} have {data.OutputDimension} columns; classes need one column of labels.");
        }

        double[] labels = data.Targets.Values.ToArray();
        RequireAmong(labels.ToHashSet(), data.Name);
        int[] rows = [.. Enumerable.Range(0, labels.Length).Where(k => Keeps(labels[k]))];
        Matrix inputs = rows.Length == labels.Length ? data.Inputs : data.Inputs.SelectRows(rows);
        return new Dataset(inputs, TargetsOf(Array.ConvertAll(rows, k => (int)labels[k])), data.Name, $"{data.Provenance}; classes {string.Join(", ", _classes)}");
    }

    private Matrix TargetsOf(int[] labels) => _classes.Length switch
    {
        1 => Matrix.Column(Array.ConvertAll(labels, static label => (double)label)),
        2 => Matrix.Column(Array.ConvertAll(labels, label => label == _classes[0] ? 1.0 : -1)),
        _ => OneHot.Of(Array.ConvertAll(labels, label => Array.IndexOf(_classes, label)), _classes.Length),
    };

    // Regression targets have too many values to list.
    private static string Listed(IReadOnlySet<double> labels)
    {
        const int Most = 20;
        IEnumerable<string> first = labels.Order().Take(Most).Select(static label => FormattableString.Invariant($"{label}"));
        return string.Join(", ", first) + (labels.Count > Most ? ", …" : "");
    }
}
