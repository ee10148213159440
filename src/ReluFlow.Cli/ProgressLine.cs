using System.Globalization;
using ReluFlow.Flows;

namespace ReluFlow.Cli;

/// <summary>Shows on standard error where a long run stands and about how long it still takes.</summary>
internal sealed class ProgressLine(Terminal terminal, StopRule stop) : IProgressObserver
{
    private static readonly TimeSpan s_firstEstimate = TimeSpan.FromSeconds(2);

    private readonly LiveLine _line = new(terminal);

    /// <inheritdoc/>
    public void Accepted(in ProgressPoint point)
    {
        ProgressPoint now = point;
        _line.Show(elapsed => Describe(now, elapsed));
    }

    /// <summary>Takes the live line away, so that what follows begins on a clean one.</summary>
    public void Clear() => _line.Clear();

    private string Describe(in ProgressPoint point, TimeSpan elapsed)
    {
        string end = double.IsFinite(stop.Time) ? string.Create(CultureInfo.InvariantCulture, $" of {stop.Time:G4}") : "";
        string line = string.Create(CultureInfo.InvariantCulture, $"t = {point.Time:G4}{end}  loss {point.Loss:G4}  steps {point.Steps:N0}");
        double share = Math.Max(point.Time / stop.Time, (double)point.Steps / stop.Steps);
        return share > 1e-6 && elapsed >= s_firstEstimate ? string.Create(CultureInfo.InvariantCulture, $"{line}  at most about {LiveLine.Duration(elapsed * ((1 - share) / share))} left") : line;
    }
}
