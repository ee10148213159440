using System.Runtime.ExceptionServices;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>Work on several threads whose failure is that of one of them, as it was thrown.</summary>
internal static class ParallelWork
{
    public static T Of<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
            throw;
        }
    }
}
