using System.Globalization;
using System.Text.Json;
using ReluFlow.Experiments.Specs;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Messages;

/// <summary>Reads the experiment of a request, checked against the limits as far as it can be before data are there.</summary>
/// <param name="limits">The limits.</param>
/// <param name="upload">Finds an uploaded data set; null where there is none of that id any more.</param>
internal sealed class ExperimentReader(LabLimits limits, Func<string, Dataset?> upload)
{
    private const string Positive = "a positive number";

    // Far beyond the times of all that is known, and far from where sums of times lose digits.
    private const double LongestTime = 1e12;

    private static readonly string s_time = string.Create(CultureInfo.InvariantCulture, $"{Positive} up to {LongestTime:0e0}");

    private static readonly string[] s_fields =
        ["data", "bias", "width", "scheme", "scale", "seed", "loss", "method", "tolerance", "step", "time", "stopLoss", "saves", "spacing"];

    /// <exception cref="RefusedException">It is malformed or beyond a limit.</exception>
    public LabExperiment Read(JsonElement? element)
    {
        if (element is not { } given)
        {
            throw new RefusedException("experiment is missing; an object that describes one is expected.", "experiment");
        }

        var fields = new MessageFields(given, "", s_fields);
        LabData data = new DataReader(limits, upload).Read(fields.Element("data"));
        return new LabExperiment(data, new ExperimentSpec
        {
            Name = data.Spec.Name ?? (data.Points is null ? data.Spec.Source : "lab"),
            Data = data.Spec,
            Network = new NetworkSpec { Width = (int?)fields.Whole("width", 1, limits.Width) ?? throw fields.Missing("width", "a whole number"), Bias = fields.Truth("bias") ?? false },
            Initial = ReadInitial(fields),
            Loss = fields.OneOf("loss", [.. Loss.All.Select(loss => loss.Name)]) ?? Loss.Squared.Name,
            Dynamics = ReadDynamics(fields),
            Stop = new StopSpec
            {
                Time = fields.Number("time", static t => t is > 0 and <= LongestTime, s_time) ?? throw fields.Missing("time", s_time),
                Loss = fields.Number("stopLoss", static loss => loss >= 0, "a number from 0") ?? new StopSpec().Loss,
                Wall = limits.RunTime,
            },
            Save = new SaveSpec
            {
                Count = (int?)fields.Whole("saves", 2, limits.Saves) ?? Math.Min(new SaveSpec().Count, limits.Saves),
                Spacing = fields.Choice<SaveSpacing>("spacing") ?? SaveSpacing.Log,
            },
            Analyses = ["saddles"],
        });
    }

    private static InitialSpec ReadInitial(MessageFields fields)
    {
        const string Expected = "a text such as \"1e-6\" or \"1e-300\", a positive number up to 1e6,";
        var defaults = new InitialSpec();
        LogNumber scale = defaults.Scale;
        if (fields.Text("scale", Expected) is { } text && !(LogNumber.TryParse(text, out scale) && scale.Log <= InitialSpec.LargestScale.Log))
        {
            throw fields.Invalid("scale", Expected);
        }

        return new InitialSpec
        {
            Scheme = fields.Choice("scheme", InitialScheme.Balanced, InitialScheme.Unbalanced, InitialScheme.Dominated) ?? defaults.Scheme,
            Scale = scale,
            Seed = fields.Seed("seed") ?? defaults.Seed,
        };
    }

    // What says nothing with a method may stand there all the same: a page keeps its settings when the method changes.
    private static DynamicsSpec ReadDynamics(MessageFields fields)
    {
        (double least, double most) = GradientFlowSpec.Tolerances(FlowIntegrator.Boost);
        double? tolerance = fields.Number("tolerance", x => x >= least && x <= most, string.Create(CultureInfo.InvariantCulture, $"a number from {least:0e0} to {most}"));
        double? step = fields.Number("step", static x => x > 0, Positive);
        return (fields.OneOf("method", ["gradient-flow", "gradient-descent"]) ?? "gradient-flow") == "gradient-flow"
            ? new GradientFlowSpec { Tolerance = tolerance ?? new GradientFlowSpec().Tolerance }
            : new GradientDescentSpec { Step = step ?? throw fields.Missing("step", $"{Positive}, for gradient-descent,") };
    }
}
