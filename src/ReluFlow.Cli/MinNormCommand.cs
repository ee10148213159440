using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReluFlow.Experiments;
using ReluFlow.Networks;
using ReluFlow.Theory;

namespace ReluFlow.Cli;

/// <summary><c>min-norm DATA [--bias] [--json]</c>: the minimum variation norm of a data set.</summary>
internal static class MinNormCommand
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        Argument<string> data = DataArgument.Create();
        Option<bool> bias = DataArgument.Bias();
        var json = new Option<bool>("--json") { Description = "Print the result alone on standard output, as JSON." };
        var command = new Command("min-norm", "Find the least Σ|a|‖w‖ over networks of any width that interpolate a data set, with a certificate.") { data, bias, json };
        command.SetAction(arguments =>
        {
            Dataset read = Read(arguments.GetRequiredValue(data), arguments.GetValue(bias), cancellation);
            MinimumVariationNorm minimum = VariationNormProblem.Solve(read, cancellation: cancellation);
            if (arguments.GetValue(json))
            {
                terminal.Output.WriteLine(ToJson(read, minimum).ToJsonString(s_json).ReplaceLineEndings("\n"));
            }
            else if (minimum.Status != VariationNormStatus.Infeasible)
            {
                Show(terminal, read, minimum);
            }

            if (minimum.Message is { } message)
            {
                terminal.Note($"reluflow: min-norm {read.Name}: {message}.");
            }

            return minimum.Status == VariationNormStatus.Solved ? ExitStatus.Done : ExitStatus.SolveFailed;
        });
        return command;
    }

    private static Dataset Read(string name, bool bias, CancellationToken cancellation)
    {
        Dataset data = DataArgument.Load(name, bias, cancellation);
        return data.OutputDimension == 1 ? data : throw new InputException($"{name}: {data.OutputDimension} targets a sample; the minimum variation norm is computed for 1.");
    }

    private static JsonObject ToJson(Dataset data, MinimumVariationNorm minimum)
    {
        var document = new JsonObject
        {
            ["data"] = data.Name,
            ["bias"] = data.HasBias,
            ["status"] = KebabName.Of(minimum.Status),
            ["method"] = KebabName.Of(minimum.Method),
            ["certified"] = minimum.Certified,
        };
        AddNumber(document, "primal", minimum.Primal);
        AddNumber(document, "dual", minimum.Dual);
        AddNumber(document, "relative_gap", minimum.RelativeGap);
        AddNumber(document, "interpolation_error", minimum.InterpolationError);
        if (minimum.Network is { } network)
        {
            document["neurons"] = new JsonArray([.. Neurons(network).Select(neuron => new JsonObject { ["a"] = neuron.A, ["w"] = new JsonArray([.. neuron.W.Select(w => JsonValue.Create(w))]) })]);
            document["multipliers"] = new JsonArray([.. minimum.Multipliers.Select(mu => JsonValue.Create(mu))]);
        }

        return document;
    }

    // No key for what is not finite, as in summary.json.
    private static void AddNumber(JsonObject document, string key, double value)
    {
        if (double.IsFinite(value))
        {
            document[key] = value;
        }
    }

    private static void Show(Terminal terminal, Dataset data, MinimumVariationNorm minimum)
    {
        string inputs = string.Create(CultureInfo.InvariantCulture, $"{data.Name}: {data.Samples} samples, {data.InputDimension} input coordinates{(data.HasBias ? ", the last one the bias" : "")}");
        ResultTable table = new ResultTable(terminal).Words(inputs).Numbers("value");
        table.Row("minimum Σ|a|‖w‖, primal", Exact(minimum.Primal));
        table.Row("lower bound, dual", Exact(minimum.Dual));
        table.Row("relative gap", minimum.RelativeGap.ToString("G3", CultureInfo.InvariantCulture));
        table.Row("certified", minimum.Certified ? "yes" : "no");
        table.Row("method", InWords(minimum.Method));
        table.Row("minimum ‖θ‖²", Exact(2 * minimum.Primal));
        table.Row("neurons", NumberText.Count(minimum.Network?.Width));
        table.Row("largest |f(x) − y|", minimum.InterpolationError.ToString("G3", CultureInfo.InvariantCulture));
        table.Show();
        if (minimum.Network is { InputDimension: 2 } network && data.HasBias)
        {
            ShowKinks(terminal, network);
        }

        if (!minimum.Certified)
        {
            terminal.Paragraph(minimum.Method == VariationNormMethod.LocalSearch
                ? "Not certified: the inner maximum was searched for, not proved, so the lower bound may be too high."
                : "Not certified: both bounds hold but do not meet.");
        }
    }

    private static void ShowKinks(Terminal terminal, ReluNetwork network)
    {
        ResultTable table = new ResultTable(terminal).Numbers("kink x").Numbers("a").Numbers("w").Numbers("bias").Numbers("|a|‖w‖");
        foreach ((double a, double[] w) in Neurons(network).OrderBy(neuron => -neuron.W[1] / neuron.W[0]))
        {
            table.Row(w[0] == 0 ? "none" : NumberText.Of(-w[1] / w[0]), NumberText.Of(a), NumberText.Of(w[0]), NumberText.Of(w[1]), NumberText.Of(Math.Abs(a) * Math.Sqrt((w[0] * w[0]) + (w[1] * w[1]))));
        }

        table.Show();
    }

    private static IEnumerable<(double A, double[] W)> Neurons(ReluNetwork network)
    {
        for (int j = 0; j < network.Width; j++)
        {
            double scale = Math.Exp(network.LogScales[j]);
            yield return (scale * network.OutputWeights[j, 0], [.. network.InputWeights.Row(j).ToArray().Select(w => scale * w)]);
        }
    }

    private static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string InWords(VariationNormMethod method) => method switch
    {
        VariationNormMethod.OrthogonalInputs => "closed form for orthogonal inputs",
        VariationNormMethod.Arrangement => "column generation, exact inner maximum",
        _ => "column generation, inner maximum by search",
    };
}
