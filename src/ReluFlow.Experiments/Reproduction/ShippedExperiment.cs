using System.Reflection;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>An experiment that comes with the program: <c>experiments/NAME.yaml</c> and what it is expected to show, <c>experiments/NAME.expect.yaml</c>.</summary>
public sealed class ShippedExperiment
{
    private const string Folder = "experiments/", SpecEnding = ".yaml", ExpectationEnding = ".expect.yaml";

    private ShippedExperiment(string name)
    {
        Name = name;
        SpecText = Resource(Folder + name + SpecEnding);
        Expectation = Expectation.Parse(Resource(Folder + name + ExpectationEnding), Folder + name + ExpectationEnding);
    }

    /// <summary>The names of all shipped experiments, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ShippedExperiment).Assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal) && resource.EndsWith(ExpectationEnding, StringComparison.Ordinal))
            .Select(resource => resource[Folder.Length..^ExpectationEnding.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The experiment's name.</summary>
    public string Name { get; }

    /// <summary>The spec as it is shipped.</summary>
    public string SpecText { get; }

    /// <summary>What it is expected to show.</summary>
    public Expectation Expectation { get; }

    /// <summary>What the experiment is, in one line: the first comment of its spec.</summary>
    public string Description => SpecText.Split('\n')[0].TrimStart('#', ' ');

    /// <summary>A shipped experiment by its name.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static ShippedExperiment Find(string name) => Names.Contains(name)
        ? new ShippedExperiment(name)
        : throw new InputException($"There is no shipped experiment '{name}'; there are {string.Join(", ", Names)}.");

    /// <summary>Whether overrides leave it the experiment that <see cref="Expectation"/> is about: there are none, but for what it needs.</summary>
    public bool IsAsShipped(IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        return overrides.All(IsNeeded);
    }

    /// <summary>The experiment, ready to run; it reads no file of the user but where an override names one.</summary>
    /// <param name="overrides">Texts <c>key.key=value</c>; with any, <see cref="Expectation"/> is no longer about this experiment.</param>
    /// <param name="cancellation">Ends the draws early.</param>
    /// <exception cref="InputException">An override is not valid, or the one that the experiment needs is missing.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Experiment Resolve(IReadOnlyList<string> overrides, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        return Expectation.Needs is { } key && !overrides.Any(IsNeeded)
            ? throw new InputException($"{Name} needs data that do not come with the program: {key}=FILE is expected after the name ({Description})")
            : Experiment.Resolve(SpecFile.Parse(SpecText, Folder + Name + SpecEnding, overrides), Directory.GetCurrentDirectory(), cancellation);
    }

    private bool IsNeeded(string text) => Expectation.Needs is { } key && text.StartsWith(key + "=", StringComparison.Ordinal);

    private static string Resource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The resource {name} is missing from the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
