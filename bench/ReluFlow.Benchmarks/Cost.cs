using System.Diagnostics;

namespace ReluFlow.Benchmarks;

/// <summary>What a run took, s.</summary>
/// <param name="Wall">Wall time: other work on the machine stretches it.</param>
/// <param name="Processor">Processor time of the whole process, user and kernel: what the wall time of one thread would be on an idle machine.</param>
internal readonly record struct Cost(double Wall, double Processor)
{
    /// <summary>Runs something in this process and measures it.</summary>
    public static Cost Of<T>(Func<T> run, out T result)
    {
        TimeSpan work = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        result = run();
        return new Cost(Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - work).TotalSeconds);
    }
}
