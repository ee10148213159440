using System.Globalization;

namespace ReluFlow.Cli;

/// <summary>A line on standard error that says how long work stands: written over on a terminal, a plain line now and then elsewhere, and none in the first second.</summary>
internal sealed class LiveLine(Terminal terminal)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1), s_liveInterval = TimeSpan.FromMilliseconds(100), s_plainInterval = TimeSpan.FromSeconds(10);

    private readonly long _started = terminal.Clock.GetTimestamp();
    private TimeSpan _next = s_first;
    private int _shownLength;

    /// <summary>Shows a line where it is time for one.</summary>
    /// <param name="describe">The line, given the time since the start.</param>
    public void Show(Func<TimeSpan, string> describe)
    {
        TimeSpan elapsed = terminal.Clock.GetElapsedTime(_started);
        if (elapsed < _next)
        {
            return;
        }

        _next = elapsed + (terminal.Live ? s_liveInterval : s_plainInterval);
        string line = terminal.Text(describe(elapsed));
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

    /// <summary>A time in words.</summary>
    public static string Duration(TimeSpan span) => span.TotalSeconds switch
    {
        < 100 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s"),
        < 6000 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0.0} h"),
    };
}
