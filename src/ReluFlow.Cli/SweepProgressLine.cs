using System.Globalization;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Cli;

/// <summary>Shows on standard error how many runs of a sweep are done, how fast they go and how long they still take; several threads report.</summary>
internal sealed class SweepProgressLine(Terminal terminal, int doneBefore)
{
    private readonly Lock _lock = new();
    private readonly LiveLine _line = new(terminal);

    public void Show(SweepProgress progress)
    {
        lock (_lock)
        {
            _line.Show(elapsed => Describe(progress, elapsed));
        }
    }

    public void Clear() => _line.Clear();

    private string Describe(SweepProgress progress, TimeSpan elapsed)
    {
        int done = doneBefore + progress.Done, all = doneBefore + progress.Points;
        double rate = progress.Run / elapsed.TotalSeconds;
        string failed = progress.Failed == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"  {progress.Failed:N0} failed");
        string left = progress.Run == 0 ? "" : $"  about {LiveLine.Duration(TimeSpan.FromSeconds(progress.Left / rate))} left";
        return string.Create(CultureInfo.InvariantCulture, $"run {done:N0} of {all:N0}{failed}  {rate:G3} runs/s{left}");
    }
}
