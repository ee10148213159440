namespace ReluFlow.Experiments;

/// <summary>Writes a file that appears whole or not at all: under a temporary name beside its place, then renamed.</summary>
public static class WholeFile
{
    /// <summary>Writes a file, over one that is there.</summary>
    /// <param name="path">Where; its directory must be there.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string temporary = $"{path}.partial-{Guid.NewGuid():N}";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be written: {FileFailure.InWords(error)}", error);
        }
        finally
        {
            Remove(temporary);
        }
    }

    // Already renamed, or nothing that could still be done about it.
    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }
}
