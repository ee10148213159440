using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReluFlow.Experiments.Runs;
using ReluFlow.Networks;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Cli;

/// <summary><c>limit DATA --width m [--seed s] [--scheme balanced] [--bias] [--json]</c>: the λ → 0 limit of the flow from a drawn start.</summary>
internal static class LimitCommand
{
    private static readonly string[] s_schemes = ["balanced", "unbalanced", "dominated"];

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> data = DataArgument.Create();
        var width = new Option<string>("--width") { Description = "m, the number of neurons.", HelpName = "m", Required = true };
        var seed = new Option<string>("--seed") { Description = "The seed of the start (default 1).", HelpName = "s", DefaultValueFactory = _ => "1" };
        var scheme = new Option<string>("--scheme") { Description = $"How the start is drawn: {string.Join(", ", s_schemes)} (default balanced).", HelpName = "NAME", DefaultValueFactory = _ => s_schemes[0] };
        Option<bool> bias = DataArgument.Bias();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON, alone on standard output." };
        var command = new Command("limit", "The λ → 0 limit of gradient flow: which saddles, when, and who activates.") { data, width, seed, scheme, bias, json };
        command.SetAction(arguments =>
        {
            var draw = LimitStart.Read(arguments.GetRequiredValue(width), arguments.GetRequiredValue(seed), arguments.GetRequiredValue(scheme), s_schemes);
            Dataset loaded = DataArgument.Load(arguments.GetRequiredValue(data), arguments.GetValue(bias), cancellation);
            SmallScaleLimit limit = SmallScaleLimit.Of(loaded, draw.Draw(loaded, cancellation), cancellation);
            if (arguments.GetValue(json))
            {
                terminal.Output.WriteLine(ToJson(loaded, draw, limit).ToJsonString(s_json));
            }
            else
            {
                LimitView.Show(terminal, (loaded, draw), limit);
            }

            return limit.Status is "unsettled" or "failed" ? ExitStatus.SolveFailed : ExitStatus.Done;
        });
        return command;
    }

    private static JsonObject ToJson(Dataset data, LimitStart draw, SmallScaleLimit limit) => new()
    {
        ["data"] = data.Name,
        ["samples"] = data.Samples,
        ["input_dimension"] = data.InputDimension,
        ["width"] = draw.Width,
        ["seed"] = draw.Seed,
        ["scheme"] = draw.Scheme,
        ["process"] = limit.IsOrthogonal ? "orthogonal-jumps" : "alternating",
        ["rests_on"] = limit.IsOrthogonal ? "derived" : "working-definition",
        ["failed_assumption"] = limit.Violation,
        ["status"] = limit.Status,
        ["failure_probability_bound"] = limit.IsOrthogonal ? JumpProcess.FailureProbabilityBound(data.Samples, draw.Width) : null,
        ["plateau_losses"] = Array(limit.Path.PlateauLosses),
        ["jumps"] = new JsonArray([.. limit.Path.Jumps.Select((jump, i) => new JsonObject
        {
            ["rescaled_time"] = jump.RescaledTime,
            ["time_correction"] = limit.Offsets?[i],
            ["rate"] = jump.Rate,
            ["neurons"] = Array(jump.Neurons),
            ["fitted_samples"] = Array(jump.FittedSamples),
            ["loss"] = jump.Loss,
            ["squared_norm"] = jump.SquaredNorm,
        })]),
        ["coincidences"] = new JsonArray([.. limit.Coincidences.Select(coincidence => new JsonObject
        {
            ["rescaled_time"] = coincidence.RescaledTime,
            ["neuron"] = coincidence.Neuron,
            ["other_neuron"] = coincidence.OtherNeuron,
            ["distance"] = coincidence.Distance,
            ["overlaps"] = coincidence.Overlaps,
        })]),
    };

    private static JsonArray Array<T>(IEnumerable<T> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
