using System.Runtime.ExceptionServices;

namespace ReluFlow.Flows;

/// <summary>Threads that wait for tasks between the phases of a step: unlike a parallel loop, a phase allocates nothing and starts within microseconds.</summary>
/// <remarks>Which thread does which task is left to chance, so tasks write to places of their own.</remarks>
internal sealed class ThreadTeam : IDisposable
{
    // Some microseconds: as long as the serial part between two phases takes.
    private const int Spins = 100;

    private readonly Thread[] _others;
    private readonly ManualResetEventSlim[] _starts;
    private readonly ManualResetEventSlim _done = new(false, Spins);
    private Action<int>? _task;
    private ExceptionDispatchInfo? _fault;
    private int _count, _next, _busy;

    /// <summary>The calling thread and so many less one; 0 takes all processors.</summary>
    public ThreadTeam(int threads)
    {
        int others = Math.Max(0, (threads == 0 ? Environment.ProcessorCount : threads) - 1);
        _starts = [.. Enumerable.Range(0, others).Select(_ => new ManualResetEventSlim(false, Spins))];
        _others = [.. _starts.Select(start => new Thread(() => Serve(start)) { IsBackground = true })];
        foreach (Thread thread in _others)
        {
            thread.Start();
        }
    }

    /// <summary>Does task 0 … count − 1, each once, on all threads; returns when all are done.</summary>
    public void Run(int count, Action<int> task)
    {
        (_task, _count, _next, _busy) = (task, count, 0, _others.Length);
        _done.Reset();
        foreach (ManualResetEventSlim start in _starts)
        {
            start.Set();
        }

        Work();
        if (_others.Length > 0)
        {
            _done.Wait();
        }

        Interlocked.Exchange(ref _fault, null)?.Throw();
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _task = null;
        foreach (ManualResetEventSlim start in _starts)
        {
            start.Set();
        }

        foreach (Thread thread in _others)
        {
            thread.Join();
        }

        foreach (ManualResetEventSlim start in _starts)
        {
            start.Dispose();
        }

        _done.Dispose();
    }

    private void Serve(ManualResetEventSlim start)
    {
        while (true)
        {
            start.Wait();
            start.Reset();
            if (_task is null)
            {
                return;
            }

            Work();
            if (Interlocked.Decrement(ref _busy) == 0)
            {
                _done.Set();
            }
        }
    }

    // A fault on another thread is thrown on the caller's.
    private void Work()
    {
        try
        {
            for (int i = Interlocked.Increment(ref _next) - 1; i < _count; i = Interlocked.Increment(ref _next) - 1)
            {
                _task!(i);
            }
        }
#pragma warning disable CA1031
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault = ExceptionDispatchInfo.Capture(fault);
        }
    }
}
