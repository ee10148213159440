using System.Globalization;
using ReluFlow.Flows;

namespace ReluFlow.Cli;

/// <summary>Shows on standard error where a long run stands and about how long it still takes: one live line on a terminal, a plain line now and then elsewhere.</summary>
internal sealed class ProgressLine(Terminal terminal, StopRule stop) : IProgressObserver
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1), s_firstEstimate = TimeSpan.FromSeconds(2), s_liveInterval = TimeSpan.FromMilliseconds(100), s_plainInterval = TimeSpan.FromSeconds(10);

    private readonly long _started = terminal.Clock.GetTimestamp();
    private TimeSpan _next = s_first;
    private int _shownLength;

    /// <inheritdoc/>
    public void Accepted(in ProgressPoint point)
    {
        TimeSpan elapsed = terminal.Clock.GetElapsedTime(_started);
        if (elapsed < _next)
        {
            return;
        }

        _next = elapsed + (terminal.Live ? s_liveInterval : s_plainInterval);
        string line = terminal.Text(Describe(point, elapsed));
        if (terminal.Live)
        {
            terminal.Error.Write("\r" + line.PadRight(_shownLength));
            _shownLength = line.Length;
        }
        else
        {
            terminal.Error.WriteLine(line);
        }
    }

    /// <summary>Takes the live line away, so that what follows begins on a clean one.</summary>
    public void Clear()
    {
        if (_shownLength > 0)
        {
            terminal.Error.Write("\r" + new string(' ', _shownLength) + "\r");
            _shownLength = 0;
        }
    }

    private string Describe(in ProgressPoint point, TimeSpan elapsed)
    {
        string end = double.IsFinite(stop.Time) ? string.Create(CultureInfo.InvariantCulture, $" of {stop.Time:G4}") : "";
        string line = string.Create(CultureInfo.InvariantCulture, $"t = {point.Time:G4}{end}  loss {point.Loss:G4}  steps {point.Steps:N0}");
        double share = Math.Max(point.Time / stop.Time, (double)point.Steps / stop.Steps);
        return share > 1e-6 && elapsed >= s_firstEstimate ? string.Create(CultureInfo.InvariantCulture, $"{line}  at most about {Duration(elapsed * ((1 - share) / share))} left") : line;
    }

    private static string Duration(TimeSpan span) => span.TotalSeconds switch
    {
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s"),
        < 6000 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.0} h"),
    };
}
