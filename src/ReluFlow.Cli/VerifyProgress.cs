using System.Globalization;

namespace ReluFlow.Cli;

/// <summary>Shows on standard error how far <c>verify</c> has come; trials report from several threads.</summary>
internal sealed class VerifyProgress(Terminal terminal, int claims, int trials)
{
    private readonly Lock _lock = new();
    private readonly LiveLine _line = new(terminal);
    private string _claim = "";
    private int _begun, _done;

    public void Begin(string claim)
    {
        _claim = claim;
        _begun++;
        _done = 0;
    }

    public void Finished()
    {
        lock (_lock)
        {
            _done++;
            _line.Show(Describe);
        }
    }

    public void Clear() => _line.Clear();

    private string Describe(TimeSpan elapsed)
    {
        double share = (((_begun - 1) * (double)trials) + _done) / ((double)claims * trials);
        return string.Create(CultureInfo.InvariantCulture, $"{_claim} ({_begun} of {claims}): trial {_done} of {trials}  about {LiveLine.Duration(elapsed * ((1 - share) / share))} left");
    }
}
