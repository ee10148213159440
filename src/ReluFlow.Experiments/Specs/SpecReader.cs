using System.Globalization;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Specs;

/// <summary>Makes the records of a spec from its sections.</summary>
internal static class SpecReader
{
    /// <summary>What a name is, in words.</summary>
    public const string ExpectedName = "a name of letters, digits, '-', '_' and '.', at most 100 of them, the first a letter or digit,";

    private const int LongestName = 100;

    /// <summary>Reads a whole spec.</summary>
    /// <exception cref="InputException">A key or value is not valid.</exception>
    public static ExperimentSpec Read(SpecDocument document)
    {
        var root = new SpecSection(document, SpecKeys.Root, document.Root);
        InitialSpec initial = ReadInitial(root.Section("initial"));
        return new ExperimentSpec
        {
            Name = ReadName(root),
            Data = root.Has("data") ? DataSpecReader.Read(root.Section("data")) : throw root.Missing("data", "a mapping with source"),
            Network = ReadNetwork(root, initial.Scheme),
            Initial = initial,
            Loss = ReadLoss(root),
            Dynamics = ReadDynamics(root.Section("dynamics")),
            Stop = ReadStop(root.Section("stop")),
            Save = ReadSave(root.Section("save")),
            Analyses = ReadAnalyses(root),
        };
    }

    // The name becomes part of a folder's name, on every system.
    private static string ReadName(SpecSection root)
    {
        return root.Scalar("name", ExpectedName, static text => IsName(text) ? text : null) ?? throw root.Missing("name", ExpectedName);
    }

    /// <summary>Whether a text may name an experiment.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static NetworkSpec ReadNetwork(SpecSection root, InitialScheme scheme)
    {
        SpecSection section = root.Section("network");
        string expected = $"a whole number from 1 to {NetworkSpec.LargestWidth}";
        var defaults = new NetworkSpec();
        int? width = (int?)section.Whole("width", 1, NetworkSpec.LargestWidth, expected);
        return new NetworkSpec
        {
            Width = scheme != InitialScheme.File ? width ?? throw section.Missing("width", expected)

                // The width of the drawn start that an override has replaced says nothing of the file's.
                : root.Section("initial").IsOverride("scheme") && !section.IsOverride("width") ? null
                : width,
            Bias = section.Truth("bias") ?? defaults.Bias,
        };
    }

    private static InitialSpec ReadInitial(SpecSection section)
    {
        const string ExpectedPath = "the path of an npz file with W and a";
        var defaults = new InitialSpec();
        InitialScheme scheme = section.Choice<InitialScheme>("scheme") ?? defaults.Scheme;
        section.RequireMeaning("scheme", KebabName.Of(scheme));
        if (scheme == InitialScheme.File)
        {
            return new InitialSpec { Scheme = scheme, Path = section.Text("path", ExpectedPath) ?? throw section.Missing("path", ExpectedPath) };
        }

        InitialNeurons neurons = section.Choice<InitialNeurons>("neurons") ?? defaults.Neurons;
        if (neurons == InitialNeurons.Quadrature)
        {
            section.RequireMeaning("neurons", KebabName.Of(neurons));
        }

        return new InitialSpec
        {
            Scheme = scheme,
            Neurons = neurons,
            Scale = section.ScalarValue<LogNumber>("scale", "a positive number up to 1e6, such as 1e-6 or 1e-1000,", static text => LogNumber.TryParse(text, out LogNumber scale) && scale.Log <= InitialSpec.LargestScale.Log ? scale : null) ?? defaults.Scale,
            Seed = section.Seed("seed") ?? defaults.Seed,
        };
    }

    private static string ReadLoss(SpecSection root)
    {
        IEnumerable<string> names = Loss.All.Select(loss => loss.Name);
        return root.Scalar("loss", "one of " + string.Join(", ", names), text => names.FirstOrDefault(name => name == text)) ?? Loss.Squared.Name;
    }

    private static DynamicsSpec ReadDynamics(SpecSection section)
    {
        const string Expected = "one of gradient-flow, gradient-descent, adam";
        return section.Text("method", Expected) switch
        {
            null or "gradient-flow" => ReadGradientFlow(section),
            "gradient-descent" => ReadGradientDescent(section),
            "adam" => ReadAdam(section),
            _ => throw section.Invalid("method", Expected),
        };
    }

    private static GradientFlowSpec ReadGradientFlow(SpecSection section)
    {
        section.RequireMeaning("method", "gradient-flow");
        var defaults = new GradientFlowSpec();
        FlowIntegrator integrator = section.Choice<FlowIntegrator>("integrator") ?? defaults.Integrator;
        (double least, double most) = GradientFlowSpec.Tolerances(integrator);
        string expected = FormattableString.Invariant($"a number from {least:0e0} to {most} (integrator {KebabName.Of(integrator)})");
        bool limit = section.Truth("limit") ?? defaults.Limit;
        if (limit && integrator != FlowIntegrator.Boost)
        {
            throw section.Invalid("limit", "false (integrator reference does not solve for the limit)");
        }

        Lumping lumping = section.Choice<Lumping>("lumping") ?? defaults.Lumping;
        if (lumping == Lumping.On && integrator != FlowIntegrator.Boost)
        {
            throw section.Invalid("lumping", "auto or off (integrator reference moves every neuron on its own)");
        }

        return new GradientFlowSpec
        {
            Tolerance = section.Number("tolerance", x => x >= least && x <= most, expected) ?? defaults.Tolerance,
            Integrator = integrator,
            Limit = limit,
            Lumping = lumping,
        };
    }

    private static GradientDescentSpec ReadGradientDescent(SpecSection section)
    {
        section.RequireMeaning("method", "gradient-descent");
        var defaults = new GradientDescentSpec { Step = ReadStep(section) };
        return defaults with { Batch = ReadBatch(section), Momentum = ReadDecay(section, "momentum") ?? defaults.Momentum, Seed = section.Seed("seed") ?? defaults.Seed };
    }

    private static AdamSpec ReadAdam(SpecSection section)
    {
        section.RequireMeaning("method", "adam");
        var defaults = new AdamSpec { Step = ReadStep(section) };
        return defaults with
        {
            Batch = ReadBatch(section),
            Beta1 = ReadDecay(section, "beta1") ?? defaults.Beta1,
            Beta2 = ReadDecay(section, "beta2") ?? defaults.Beta2,
            Epsilon = section.Number("epsilon", static x => x > 0, "a positive number") ?? defaults.Epsilon,
            Seed = section.Seed("seed") ?? defaults.Seed,
        };
    }

    private static double ReadStep(SpecSection section)
    {
        const string Expected = "a positive number";
        return section.Number("step", static x => x > 0, Expected) ?? throw section.Missing("step", Expected);
    }

    // Without a mini-batch no order is drawn, and a seed would say nothing.
    private static int? ReadBatch(SpecSection section)
    {
        const string Full = "full";
        string? text = section.Scalar("batch", "full or a positive whole number", static text => text == Full || SpecSection.ParseWhole(text) is > 0 and <= int.MaxValue ? text : null);
        if (text is not (null or Full))
        {
            return (int?)SpecSection.ParseWhole(text);
        }

        return section.Has("seed") ? throw section.Invalid("seed", "no seed (batch full draws no order)") : null;
    }

    private static double? ReadDecay(SpecSection section, string key) => section.Number(key, static x => x is >= 0 and < 1, "a number from 0 to below 1");

    private static StopSpec ReadStop(SpecSection section)
    {
        if (!section.Has("time") && !section.Has("steps") && !section.Has("wall"))
        {
            throw section.Missing("time", "a limit that is always reached (stop.time, stop.steps or stop.wall)");
        }

        var defaults = new StopSpec();
        return new StopSpec
        {
            Time = section.Number("time", static x => x > 0, "a positive number"),
            Loss = section.Number("loss", static x => x >= 0, "a number ≥ 0") ?? defaults.Loss,
            Steps = section.Whole("steps", 1, long.MaxValue, "a positive whole number"),
            GradientNorm = section.Number("gradient-norm", static x => x >= 0, "a number ≥ 0") ?? defaults.GradientNorm,
            Wall = section.ScalarValue<TimeSpan>("wall", $"a time such as 90s, 10m or 2h, at most {WallTime.Write(StopSpec.LongestWall)},", WallTime.Parse),
        };
    }

    private static SaveSpec ReadSave(SpecSection section)
    {
        const string Expected = "a list of times, finite, not negative and increasing,";
        IReadOnlyList<int>? neurons = ReadNeurons(section);
        SavePrecision precision = section.Choice<SavePrecision>("precision") ?? new SaveSpec().Precision;
        if (section.List<double>("times", Expected, static text => SpecSection.ParseNumber(text) is double time and >= 0 ? time : null) is { } times)
        {
            section.RequireOnly(["times", "precision", "neurons"], "save.times");
            int late = Enumerable.Range(1, Math.Max(0, times.Count - 1)).FirstOrDefault(i => !(times[i] > times[i - 1]));
            return late == 0
                ? new SaveSpec { Times = times, Precision = precision, Neurons = neurons }
                : throw section.InvalidItem("times", late, FormattableString.Invariant($"{times[late]}, not above {times[late - 1]}"), Expected);
        }

        var defaults = new SaveSpec();
        return new SaveSpec
        {
            Count = (int?)section.Whole("count", 2, SaveSpec.MostPoints, $"a whole number from 2 to {SaveSpec.MostPoints}") ?? defaults.Count,
            Spacing = section.Choice<SaveSpacing>("spacing") ?? defaults.Spacing,
            Precision = precision,
            Neurons = neurons,
        };
    }

    private static IReadOnlyList<int>? ReadNeurons(SpecSection section)
    {
        const string Expected = "a list of neurons, counted from 0 and increasing,";
        IReadOnlyList<int>? neurons = section.List<int>("neurons", Expected, static text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int neuron) ? neuron : null);
        return neurons is null || (neurons.Count > 0 && neurons.Zip(neurons.Skip(1)).All(pair => pair.First < pair.Second)) ? neurons : throw section.Invalid("neurons", Expected);
    }

    private static IReadOnlyList<string> ReadAnalyses(SpecSection root)
    {
        string expected = "a list of different names out of " + string.Join(", ", ExperimentSpec.AnalysisNames);
        IReadOnlyList<int> indices = root.List<int>("analyses", expected, static text => IndexOf(ExperimentSpec.AnalysisNames, text)) ?? [];
        return indices.Distinct().Count() == indices.Count ? [.. indices.Select(i => ExperimentSpec.AnalysisNames[i])] : throw root.Invalid("analyses", expected);
    }

    private static int? IndexOf(IReadOnlyList<string> names, string name)
    {
        int index = names.ToList().IndexOf(name);
        return index < 0 ? null : index;
    }
}
