namespace ReluFlow.Experiments;

/// <summary>Files that appear whole or not at all: written beside their place under another name, then renamed.</summary>
public static class WholeFile
{
    private const string Mark = ".partial-";

    /// <summary>Writes a file, in place of one that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string place = Path.GetFullPath(path);
        string partial = Path.Combine(Path.GetDirectoryName(place) ?? place, $".{Path.GetFileName(place)}{Mark}{Guid.NewGuid():N}");
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, place, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be written: {FileFailure.InWords(error)}", error);
        }
        finally
        {
            // Where its folder is missing, deleting would throw in place of the message.
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }
        }
    }

    /// <summary>Whether a file of this name is what a killed process left of writing <paramref name="target"/>.</summary>
    internal static bool IsLeftover(string name, string target) => name.StartsWith($".{target}{Mark}", StringComparison.Ordinal);
}
