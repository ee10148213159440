using System.Globalization;

namespace ReluFlow.Experiments.Reductions;

/// <summary>What a reduction is to go down to.</summary>
public enum ReductionTargetKind
{
    /// <summary>A number of neurons.</summary>
    Width,

    /// <summary>The measured root-mean-square change of the outputs on the training data, as a share of the root mean square of the outputs.</summary>
    Error,

    /// <summary>The same share, but of what is proven instead of what is measured.</summary>
    Bound,

    /// <summary>The least accuracy on the training data.</summary>
    Accuracy,
}

/// <summary>How far a reduction is to go.</summary>
/// <param name="Kind">In which quantity.</param>
/// <param name="Value">Its value.</param>
public sealed record ReductionTarget(ReductionTargetKind Kind, double Value)
{
    /// <summary>The forms that <see cref="Parse"/> takes, for messages.</summary>
    internal const string Forms = "width=M, error=E, bound=E or accuracy=A";

    /// <summary>A target such as <c>error=0.01</c>; null where the text is none.</summary>
    internal static ReductionTarget? Parse(string text)
    {
        string[] parts = text.Split('=');
        return parts.Length == 2 && KebabName.Find<ReductionTargetKind>(parts[0]) is { } kind
            && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Accepts(kind, value)
            ? new ReductionTarget(kind, value)
            : null;
    }

    private static bool Accepts(ReductionTargetKind kind, double value) => kind switch
    {
        ReductionTargetKind.Width => value is >= 1 and <= int.MaxValue && value == Math.Floor(value),
        ReductionTargetKind.Accuracy => value is > 0 and <= 1,
        _ => value >= 0 && double.IsFinite(value),
    };
}
