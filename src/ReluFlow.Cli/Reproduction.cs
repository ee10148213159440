using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Reports;
using ReluFlow.Experiments.Reproduction;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Cli;

/// <summary>A shipped experiment, run, compared and, as it is shipped, checked; a run that was cut short is neither compared nor checked.</summary>
internal sealed record Reproduction(RunResult Run, Comparison? Comparison, IReadOnlyList<CheckOutcome> Checks)
{
    /// <summary>Readable JSON: Greek letters as they are.</summary>
    public static JsonSerializerOptions JsonOptions { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the experiment is, in one line; null where it is not said.</summary>
    public string? Description { get; init; }

    /// <summary>The gradient flow beside a descent; null where none was followed.</summary>
    public RunResult? Flow { get; init; }

    /// <summary>The two compared; null where there is no flow or it did not come to the descent's end.</summary>
    public FlowBesideDescent? Beside { get; init; }

    /// <summary>The many small runs that go with the experiment; null where there are none.</summary>
    public InterpolationThreshold? Threshold { get; init; }

    /// <summary>The runs with one value changed; null where there are none or one did not come to its end.</summary>
    public RunSeries? Series { get; init; }

    /// <summary>All numbers under the names that expectation files use.</summary>
    public IReadOnlyList<ComparedQuantity> Quantities => [.. Comparison?.Quantities ?? [], .. Beside?.Quantities ?? [], .. Threshold?.Quantities ?? [], .. Series?.Quantities ?? []];

    public static Reproduction Of(ShippedExperiment shipped, IReadOnlyList<string> overrides, Terminal terminal, RunOptions options, CancellationToken cancellation)
    {
        RunResult run = RunCommand.Follow(terminal, RunCommand.Prepare(terminal, () => shipped.Resolve(overrides, cancellation)), options, cancellation);
        if (!run.Summary.IsFinished)
        {
            return new Reproduction(run, Comparison: null, Checks: []) { Description = shipped.Description };
        }

        var comparison = Comparison.Of(run);
        RunResult? flow = shipped.Expectation.FlowTolerance is { } tolerance && run.Experiment.Spec.Dynamics is GradientDescentSpec && IsWhole(run)
            ? FollowFlow(run, tolerance, terminal, options, cancellation)
            : null;
        FlowBesideDescent? beside = flow is not null && IsWhole(flow) ? new FlowBesideDescent(run, flow) : null;
        InterpolationThreshold? threshold = shipped.Expectation.Threshold is { } sizes ? InterpolationThreshold.Of(run.Experiment, sizes, cancellation) : null;
        RunSeries? series = shipped.Expectation.Series is { } values
            ? RunSeries.Of(values, change => RunCommand.Prepare(terminal, () => shipped.Resolve([.. overrides, .. change], cancellation)), (one, value) => RunCommand.Follow(terminal, one, BesideOf(options, value), cancellation))
            : null;
        var reproduction = new Reproduction(run, comparison, []) { Description = shipped.Description, Flow = flow, Beside = beside, Threshold = threshold, Series = series };
        return !shipped.IsAsShipped(overrides) ? reproduction : reproduction with { Checks = shipped.Expectation.Check(reproduction.Quantities) };
    }

    /// <summary>The keys of <c>summary.json</c>, and <c>quantities</c> and <c>checks</c> beside them; with a flow also <c>flow</c>, its summary.</summary>
    public JsonObject ToJson()
    {
        JsonObject document = JsonNode.Parse(Run.Summary.ToJson())!.AsObject();
        document["quantities"] = new JsonArray([.. Quantities.Select(quantity => new JsonObject
        {
            ["name"] = quantity.Name,
            ["measured"] = quantity.Measured,
            ["measured_rests_on"] = KebabName.Of(quantity.Standing),
            ["predicted"] = quantity.Predicted?.Value,
            ["predicted_rests_on"] = quantity.Predicted is { } predicted ? KebabName.Of(predicted.Standing) : null,
        })]);
        document["failed_assumption"] = Comparison?.FailedAssumption;
        document["checks"] = new JsonArray([.. Checks.Select(check => new JsonObject
        {
            ["quantity"] = check.Expected.Quantity,
            ["expected"] = check.Expected.InWords,
            ["measured"] = check.Measured,
            ["passed"] = check.Passed,
            ["source"] = check.Expected.Source,
        })]);
        if (Flow is not null)
        {
            document["flow"] = JsonNode.Parse(Flow.Summary.ToJson());
        }

        return document;
    }

    /// <summary>Writes the report of the run with everything that was compared and checked, and that of a flow beside it.</summary>
    public void WriteReport(Terminal terminal)
    {
        if (Run.Farther is null)
        {
            ReportCommand.Write(terminal, new ReportContent
            {
                Run = Run,
                Description = Description,
                Quantities = Quantities,
                FailedAssumption = Comparison?.FailedAssumption,
                Checks = Checks,
                Beside = Beside?.Rows ?? [],
                BesideInWords = Beside?.InWords ?? [],
            });
        }

        if (Flow is { Farther: null } flow)
        {
            ReportCommand.Write(terminal, ReportContent.Of(flow));
        }
    }

    private static RunResult FollowFlow(RunResult descent, double tolerance, Terminal terminal, RunOptions options, CancellationToken cancellation)
    {
        // The descent is there and kept already: an interrupt is to end the flow, not to say that there is nothing.
        Experiment experiment = Experiment.Resolve(FlowBesideDescent.SpecOf(descent, tolerance), descent.Directory, CancellationToken.None);
        return RunCommand.Follow(terminal, experiment, BesideOf(options, "flow"), cancellation);
    }

    // The options of a run that goes with the one asked for, in a directory beside it.
    private static RunOptions BesideOf(RunOptions options, string name) => options with
    {
        OutputDirectory = options.OutputDirectory is { } asked ? $"{Path.TrimEndingDirectorySeparator(asked)}-{name}" : null,
    };

    private static bool IsWhole(RunResult run) => run.Summary.IsFinished && run.Summary.Status != RunStatus.Failed;
}
