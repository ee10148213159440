using ReluFlow.Experiments.Figures.VegaLite;

namespace ReluFlow.Experiments.Figures;

/// <summary>One figure: what is drawn, and what is to be said beside it.</summary>
public sealed record Figure
{
    /// <summary>The name by which it is asked for.</summary>
    public required string Name { get; init; }

    /// <summary>A heading where there is place for one; figures have none baked in.</summary>
    public required string Heading { get; init; }

    /// <summary>What the figure shows in words, with the numbers that matter: for people who do not see it.</summary>
    public required string Description { get; init; }

    /// <summary>What was left out of the picture and by which rule; empty where everything is drawn.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The specification.</summary>
    internal View View { get; init; } = new();

    /// <summary>The Vega-Lite specification with its data, as JSON; remarks are its <c>usermeta</c>.</summary>
    public string ToJson() => SpecificationWriter.Write(View with { Description = Description, Usermeta = Remarks.Count > 0 ? new { remarks = Remarks } : null });
}
