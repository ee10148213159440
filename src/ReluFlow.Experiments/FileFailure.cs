namespace ReluFlow.Experiments;

/// <summary>Why a file or folder could not be used, in our words where the reason is a common one.</summary>
internal static class FileFailure
{
    public static string InWords(Exception failure) => failure switch
    {
        FileNotFoundException => "there is no such file",
        DirectoryNotFoundException => "there is no such folder",
        UnauthorizedAccessException => "permission is denied",
        PathTooLongException => "the path is too long",
        ArgumentException or NotSupportedException => "it is no path",
        _ => Excerpt.Of(failure.Message),
    };
}
