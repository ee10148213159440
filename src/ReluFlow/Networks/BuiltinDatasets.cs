namespace ReluFlow.Networks;

/// <summary>The data sets of the papers' experiments, by name. Inputs have no bias coordinate; <see cref="Dataset.WithBias"/> appends it.</summary>
public static class BuiltinDatasets
{
    private static readonly Dictionary<string, Func<ulong, Dataset>> Makers = new(StringComparer.Ordinal)
    {
        ["orthogonal-toy"] = _ => OnALine(
            "orthogonal-toy", "[GF], orthogonal toy: orthogonal with the bias", [-0.5, 2], [-1, 1]),
        ["nonorthogonal-toy"] = _ => OnALine(
            "nonorthogonal-toy", "[GF], non-orthogonal toy", [-1.5, -1, 0, 0.25, 2], [0.7, -0.3, -0.4, 0.4, 0.2]),
        ["nonorthogonal-toy-trap"] = _ => OnALine(
            "nonorthogonal-toy-trap", "[GF], non-orthogonal toy with its third target -0.3: gradient descent stops at a saddle", [-1.5, -1, 0, 0.25, 2], [0.7, -0.3, -0.3, 0.4, 0.2]),
        ["early-alignment-3pt"] = _ => OnALine(
            "early-alignment-3pt", "[EA], three points with a spurious stationary point", [-0.75, -0.5, 0.125], [1.1, 0.1, 0.8]),
        ["stewart-40"] = seed => Named("stewart-40", "[EA]", PiecewiseLinearTeacher.Draw(40, seed)),
        ["teacher-highdim"] = seed => Named("teacher-highdim", "[GF]", GaussianTeacher.Draw(75, 150, 6, seed)),
    };

    /// <summary>The names, in the order of the documentation.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Makers.Keys];

    /// <summary>The data set of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="seed">The seed of the sets that are drawn (stewart-40, teacher-highdim); the others are fixed.</param>
    /// <exception cref="ArgumentException">There is no data set of that name.</exception>
    public static Dataset Make(string name, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Makers.TryGetValue(name, out Func<ulong, Dataset>? maker)
            ? maker(seed)
            : throw new ArgumentException($"No built-in data set '{name}'; expected one of {string.Join(", ", Names)}.", nameof(name));
    }

    private static Dataset OnALine(string name, string provenance, double[] x, double[] y) =>
        new(Matrix.Column(x), Matrix.Column(y), name, provenance);

    private static Dataset Named(string name, string source, Dataset drawn) =>
        new(drawn.Inputs, drawn.Targets, name, $"{source}; {drawn.Provenance}");
}
