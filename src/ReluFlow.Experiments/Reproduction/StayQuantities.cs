using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Reproduction;

/// <summary>The saddles of a run and where it rests, read off its summary, under the names that expectation files use.</summary>
internal static class StayQuantities
{
    /// <summary>Nothing where the analysis <c>saddles</c> was not asked for.</summary>
    public static IEnumerable<ComparedQuantity> Of(Summary summary)
    {
        if (summary.Saddles is not { } saddles)
        {
            yield break;
        }

        yield return new("saddles", "saddles that the run left", saddles.Count, Standing.WorkingDefinition);
        for (int i = 0; i < saddles.Count; i++)
        {
            string name = $"saddle.{i + 1}", label = $"saddle {i + 1}";
            yield return new($"{name}.loss", $"L at {label}", saddles[i].Loss, Standing.WorkingDefinition);
            yield return new($"{name}.enter", $"   entered, t", saddles[i].Enter, Standing.WorkingDefinition);
            yield return new($"{name}.leave", $"   left, t", saddles[i].Leave, Standing.WorkingDefinition);
            yield return new($"{name}.index", $"   its index", saddles[i].Index, Standing.WorkingDefinition);
        }

        if (summary.RestingPoint is { } rest)
        {
            yield return new("rest.loss", "L where the run rests at its end", rest.Loss, Standing.WorkingDefinition);
            yield return new("rest.enter", "   entered, t", rest.Enter, Standing.WorkingDefinition);
            yield return new("rest.gradient-norm", "   ‖∇L‖", rest.GradientNorm, Standing.WorkingDefinition, Log: rest.LogGradientNorm);
            yield return new("rest.index", "   its index", rest.Index, Standing.WorkingDefinition);
        }
    }
}
