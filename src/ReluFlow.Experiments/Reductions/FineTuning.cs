using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Reductions;

/// <summary>The experiment that trains a reduced network on: the data of its subject, from the reduced weights.</summary>
public static class FineTuning
{
    private const string Suffix = "-reduced", Source = "--fine-tune";

    private const int LongestName = 100;

    /// <summary>Its spec: that of the run, or of a file one that says nothing but data and bias, with what the user gives.</summary>
    /// <param name="subject">What was reduced.</param>
    /// <param name="start">The npz file of the reduced network, which need not be there yet.</param>
    /// <param name="overrides">Texts <c>key.key=value</c>.</param>
    /// <exception cref="InputException">A key or value is not valid, or one is missing.</exception>
    public static ExperimentSpec SpecOf(ReductionSubject subject, string start, IReadOnlyList<string> overrides)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(overrides);
        if (!subject.IsRun && !overrides.Any(text => text.StartsWith("dynamics.method=", StringComparison.Ordinal)))
        {
            throw new InputException($"{Source}: {subject.Source} is a file, which does not say how its network was trained; dynamics.method=…, with it loss=… and stop.…=…, is expected.");
        }

        string name = subject.Spec.Name;
        ExperimentSpec spec = subject.Spec with
        {
            Name = name[..Math.Min(name.Length, LongestName - Suffix.Length)] + Suffix,
            Initial = new InitialSpec { Scheme = InitialScheme.File, Path = Path.GetFullPath(start) },
            Analyses = [],
        };
        return SpecFile.Parse(SpecFile.Write(spec), Source, overrides);
    }
}
