namespace ReluFlow.Cli;

/// <summary>Shows on standard error which stage of long work is going on, and for how long, while its thread is busy.</summary>
internal sealed class StageLine : IDisposable
{
    private readonly Lock _turn = new();
    private readonly LiveLine _line;
    private readonly ITimer _timer;
    private string _stage = "";
    private bool _ended;

    public StageLine(Terminal terminal, TimeSpan tick)
    {
        _line = new LiveLine(terminal);
        _timer = terminal.Clock.CreateTimer(_ => Show(), null, tick, tick);
    }

    /// <summary>Names the stage that begins.</summary>
    public void Begin(string stage)
    {
        lock (_turn)
        {
            _stage = stage;
        }
    }

    /// <summary>Takes the line away for good.</summary>
    public void End()
    {
        lock (_turn)
        {
            _ended = true;
            _line.Clear();
        }
    }

    public void Dispose()
    {
        End();
        _timer.Dispose();
    }

    private void Show()
    {
        lock (_turn)
        {
            if (!_ended)
            {
                _line.Show(elapsed => $"{_stage}  {LiveLine.Duration(elapsed)}");
            }
        }
    }
}
