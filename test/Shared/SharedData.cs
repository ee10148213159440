namespace ReluFlow.Testing;

/// <summary>Real data sets that are not part of the repository: in the folder that RELUFLOW_DATA names.</summary>
internal static class SharedData
{
    public static string? Root { get; } = Environment.GetEnvironmentVariable("RELUFLOW_DATA") is { Length: > 0 } given ? given : null;

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root!, .. parts]);
}

/// <summary>A test on real data: skipped where RELUFLOW_DATA is not set, whatever RELUFLOW_REQUIRE_ALL says: the sets are not ours to pass on.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataFactAttribute : FactAttribute
{
    /// <summary>Decides whether the test can run.</summary>
    public SharedDataFactAttribute()
    {
        if (SharedData.Root is null)
        {
            Skip = "RELUFLOW_DATA does not name the folder of the data sets.";
        }
    }
}
