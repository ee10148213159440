namespace ReluFlow.Experiments.Tests.Data;

/// <summary>Real data sets that are not part of the repository: in the folder RELUFLOW_DATA, else in shared/data beside the checkout.</summary>
internal static class SharedData
{
    public static string? Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root!, .. parts]);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("RELUFLOW_DATA") is { Length: > 0 } given)
        {
            return given;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "ReluFlow.slnx")))
            {
                string beside = System.IO.Path.Combine(folder.FullName, "..", "shared", "data");
                return Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }
}

/// <summary>A test on real data: skipped where they are absent, always.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    /// <summary>Decides whether the test can run.</summary>
    public SharedDataFactAttribute()
    {
        if (SharedData.Root is null)
        {
            Skip = "The data sets are absent; RELUFLOW_DATA may name their folder.";
        }
    }
}
