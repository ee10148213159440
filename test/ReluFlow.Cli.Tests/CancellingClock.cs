namespace ReluFlow.Cli.Tests;

/// <summary>A clock that cancels at one of its readings and is ten seconds later at each.</summary>
internal sealed class CancellingClock(CancellationTokenSource cancellation, int readings) : TimeProvider
{
    private int _readings;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp()
    {
        if (++_readings == readings)
        {
            cancellation.Cancel();
        }

        return 10L * _readings;
    }
}
