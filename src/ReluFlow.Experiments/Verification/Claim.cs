using ReluFlow.Networks;

namespace ReluFlow.Experiments.Verification;

/// <summary>A statement of the theory that random instances can contradict.</summary>
public abstract class Claim
{
    /// <summary>Makes a claim.</summary>
    protected Claim(string name, string statement, string source, string assumption, params Quantity[] quantities)
    {
        Name = name;
        Statement = statement;
        Source = source;
        Assumption = assumption;
        Quantities = quantities;
    }

    /// <summary>The name in kebab case.</summary>
    public string Name { get; }

    /// <summary>What is claimed, in one line.</summary>
    public string Statement { get; }

    /// <summary>Where it is stated or derived, with the key of the bibliography.</summary>
    public string Source { get; }

    /// <summary>What it assumes; instances that do not meet it are skipped and counted.</summary>
    public string Assumption { get; }

    /// <summary>What is measured on each instance.</summary>
    public IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Draws an instance and measures it on the calling thread.</summary>
    /// <param name="stream">The trial's own stream: the outcome depends on nothing else.</param>
    /// <param name="cancellation">Ends the trial.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public abstract Trial Try(RandomStream stream, CancellationToken cancellation);
}
