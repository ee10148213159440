using System.Globalization;
using System.Text;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>Gate changes as CSV: <c>t,neuron,sample,kind</c>, one line an event.</summary>
internal static class EventTable
{
    private const string Header = "t,neuron,sample,kind";

    // Found once: a run has 100,000 events and more.
    private static readonly Dictionary<string, GateEventKind> s_kinds = Enum.GetValues<GateEventKind>().ToDictionary(KebabName.Of, StringComparer.Ordinal);

    public static void Write(Stream stream, IReadOnlyList<GateEvent> events)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach (GateEvent e in events)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{e.Time:R},{e.Neuron},{e.Sample},{KebabName.Of(e.Kind)}"));
        }
    }

    /// <exception cref="InputException">The file is not such a table.</exception>
    public static IReadOnlyList<GateEvent> Read(string path)
    {
        var events = new List<GateEvent>();
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            if (line == 1 ? text != Header : !TryAdd(events, text))
            {
                throw new InputException($"{path}:{line}: '{Excerpt.Of(text)}'; {(line == 1 ? "the header" : "an event")} {Header} is expected.");
            }
        }

        return line > 0 ? events : throw new InputException($"{path}: the file is empty; the header {Header} is expected.");
    }

    private static bool TryAdd(List<GateEvent> events, string text)
    {
        string[] cells = text.Split(',');
        if (cells.Length != 4
            || !double.TryParse(cells[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double time)
            || !int.TryParse(cells[1], NumberStyles.None, CultureInfo.InvariantCulture, out int neuron)
            || !int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out int sample)
            || !s_kinds.TryGetValue(cells[3], out GateEventKind kind))
        {
            return false;
        }

        events.Add(new GateEvent(time, neuron, sample, kind));
        return true;
    }
}
