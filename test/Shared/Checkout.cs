namespace ReluFlow.Testing;

/// <summary>Finds the checkout that these tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>A script of test/oracles.</summary>
    public static string Oracle(string script) => Path.Combine(Root, "test", "oracles", script);

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "ReluFlow.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No ReluFlow.slnx above {AppContext.BaseDirectory}.");
    }
}
