using System.Globalization;
using System.Text;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Specs;

/// <summary>The canonical text of a spec: every value that has a meaning, in a fixed order, one line a key.</summary>
internal sealed class SpecWriter
{
    private readonly StringBuilder _text = new();

    public static string Write(ExperimentSpec spec)
    {
        var writer = new SpecWriter();
        writer.Line("name", Quoted(spec.Name));
        writer.Section("data", spec.Data, DataSpecReader.Write);
        writer.Solve(spec);
        writer.Line("analyses", Sequence(spec.Analyses));
        return writer._text.ToString();
    }

    /// <summary>The part of that text that says what is done with the data: all between <c>data</c> and <c>analyses</c>.</summary>
    public static string WriteSolve(ExperimentSpec spec)
    {
        var writer = new SpecWriter();
        writer.Solve(spec);
        return writer._text.ToString();
    }

    /// <summary>The shortest text that reads back as the same number, with a point where it has an exponent: YAML 1.1 readers take 1e-8 for text and 1.0e-08 for a number.</summary>
    public static string Number(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('E', StringComparison.Ordinal);
        return exponent < 0 ? text : (text.Contains('.', StringComparison.Ordinal) ? text : text.Insert(exponent, ".0")).Replace('E', 'e');
    }

    /// <summary>A whole number or truth value.</summary>
    public static string Plain(IConvertible value) => value is bool truth ? (truth ? "true" : "false") : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A list on one line.</summary>
    public static string Sequence(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    /// <summary>Text as it is where that is safe, else in double quotes.</summary>
    public static string Quoted(string text)
    {
        if (text.Length > 0 && text[0] is not '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/'))
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                _ when NeedsEscape(c) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }

        return quoted.Append('"').ToString();
    }

    // Control characters, YAML's own line breaks and the byte order mark.
    private static bool NeedsEscape(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff';

    private static void WriteNetwork(NetworkSpec network, Action<string, string> line)
    {
        if (network.Width is int width)
        {
            line("width", Plain(width));
        }

        line("bias", Plain(network.Bias));
    }

    private static void WriteInitial(InitialSpec initial, Action<string, string> line)
    {
        line("scheme", KebabName.Of(initial.Scheme));
        if (initial.Scheme == InitialScheme.File)
        {
            line("path", Quoted(initial.Path ?? ""));
            return;
        }

        line("scale", Scale(initial.Scale));
        if (initial.Neurons == InitialNeurons.Drawn)
        {
            line("seed", Plain(initial.Seed));
        }
        else
        {
            line("neurons", KebabName.Of(initial.Neurons));
        }
    }

    private static string Scale(LogNumber scale)
    {
        string text = scale.ToString();
        string number = Number(double.Parse(text, CultureInfo.InvariantCulture));
        return LogNumber.TryParse(number, out LogNumber read) && read == scale ? number : text;
    }

    private static void WriteDynamics(DynamicsSpec dynamics, Action<string, string> line)
    {
        line("method", dynamics.Method);
        switch (dynamics)
        {
            case GradientFlowSpec flow:
                line("tolerance", Number(flow.Tolerance));
                line("integrator", KebabName.Of(flow.Integrator));
                if (flow.Limit)
                {
                    line("limit", "true");
                }

                if (flow.Lumping != Lumping.Auto)
                {
                    line("lumping", KebabName.Of(flow.Lumping));
                }

                break;
            case GradientDescentSpec descent:
                WriteBatch(descent, line);
                line("momentum", Number(descent.Momentum));
                WriteSeed(descent, line);
                break;
            case AdamSpec adam:
                WriteBatch(adam, line);
                line("beta1", Number(adam.Beta1));
                line("beta2", Number(adam.Beta2));
                line("epsilon", Number(adam.Epsilon));
                WriteSeed(adam, line);
                break;
        }
    }

    private static void WriteBatch(DescentSpec descent, Action<string, string> line)
    {
        line("step", Number(descent.Step));
        line("batch", descent.Batch is int batch ? Plain(batch) : "full");
    }

    private static void WriteSeed(DescentSpec descent, Action<string, string> line)
    {
        if (descent.Batch is not null)
        {
            line("seed", Plain(descent.Seed));
        }
    }

    private static void WriteStop(StopSpec stop, Action<string, string> line)
    {
        if (stop.Time is double time)
        {
            line("time", Number(time));
        }

        line("loss", Number(stop.Loss));
        if (stop.Steps is long steps)
        {
            line("steps", Plain(steps));
        }

        line("gradient-norm", Number(stop.GradientNorm));
        if (stop.Wall is TimeSpan wall)
        {
            line("wall", WallTime.Write(wall));
        }
    }

    private static void WriteSave(SaveSpec save, Action<string, string> line)
    {
        if (save.Precision != SavePrecision.Bits64)
        {
            line("precision", KebabName.Of(save.Precision));
        }

        if (save.Neurons is { } neurons)
        {
            line("neurons", Sequence(neurons.Select(neuron => Plain(neuron))));
        }

        if (save.Times is { } times)
        {
            line("times", Sequence(times.Select(Number)));
            return;
        }

        line("count", Plain(save.Count));
        line("spacing", KebabName.Of(save.Spacing));
    }

    private void Solve(ExperimentSpec spec)
    {
        Section("network", spec.Network, WriteNetwork);
        Section("initial", spec.Initial, WriteInitial);
        Line("loss", spec.Loss);
        Section("dynamics", spec.Dynamics, WriteDynamics);
        Section("stop", spec.Stop, WriteStop);
        Section("save", spec.Save, WriteSave);
    }

    private void Line(string key, string value) => _text.Append(key).Append(": ").Append(value).Append('\n');

    private void Section<T>(string key, T section, Action<T, Action<string, string>> write)
    {
        _text.Append(key).Append(":\n");
        write(section, (name, value) => _text.Append("  ").Append(name).Append(": ").Append(value).Append('\n'));
    }
}
