using System.Diagnostics;
using System.Globalization;

namespace ReluFlow.Experiments.Runs;

/// <summary>A directory in the making, beside the place it will have: it appears there whole, or not at all.</summary>
/// <remarks>
/// Its name is <c>.NAME.partial-MACHINE-PROCESS-UNIQUE</c>. One that a killed process of this machine left behind is taken away by the
/// next run of the same name; one of another machine only after <see cref="LongestWrite"/>, since its process cannot be asked.
/// </remarks>
internal sealed class PartialDirectory : IDisposable
{
    // A directory is written at the end of a run, in seconds.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromDays(1);

    // More writers than this would have to come between our looking and our renaming, one after the other.
    private const int MostAttempts = 100;

    private readonly string _target;

    /// <summary>Makes an empty directory beside <paramref name="target"/>, whose parent is made if need be, and takes away stale ones.</summary>
    public PartialDirectory(string target)
    {
        _target = target;
        Location = Unique(target);
        Directory.CreateDirectory(Location);
        RemoveStale(target);
    }

    /// <summary>Where the files are written.</summary>
    public string Location { get; }

    /// <summary>The absolute path of a directory without a separator at its end.</summary>
    public static string TargetOf(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>Makes sure, before long work, that a directory of results can be taken: it is absent, empty, or with <paramref name="replace"/> holds earlier ones and nothing else.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="names">The entries of such results.</param>
    /// <param name="result">What they are, in one word.</param>
    /// <param name="replace">Whether earlier ones may be lost.</param>
    /// <exception cref="InputException">It cannot.</exception>
    public static void RequireUsable(string path, IReadOnlyCollection<string> names, string result, bool replace)
    {
        string target = TargetOf(path);
        if (File.Exists(target))
        {
            throw new InputException($"{path} is a file; a directory for the {result} is expected.");
        }

        string[] found = Directory.Exists(target) ? [.. Directory.EnumerateFileSystemEntries(target).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)] : [];
        if (found.Except(names).FirstOrDefault() is { } foreign)
        {
            throw new InputException($"{path} holds {Excerpt.Of(foreign)}, which is no part of a {result}; another directory is expected.");
        }

        if (found.Length > 0 && !replace)
        {
            throw new InputException($"{path} holds a {result} already; another directory is expected, or --force to replace it.");
        }
    }

    /// <summary>Renames the directory to its target.</summary>
    /// <param name="keepsExisting">Asked when the target is there: whether to leave it and drop this one, or null to try again.</param>
    /// <param name="replaced">The names in the target that may be lost with it; whatever else came into it is carried over.</param>
    /// <returns>Whether the target is this directory now.</returns>
    /// <exception cref="IOException">The target cannot be replaced.</exception>
    public bool Publish(Func<bool?> keepsExisting, IReadOnlyCollection<string> replaced)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Move(Location, _target);
                return true;
            }
            catch (IOException) when (attempt < MostAttempts)
            {
                // What stood in the way may be gone again: another writer sets it aside for its own. What else it is shows itself every time.
                switch (Directory.Exists(_target) ? keepsExisting() : null)
                {
                    case true: return false;
                    case false: SetAside(replaced); break;
                }
            }
        }
    }

    /// <summary>Renames the directory to its target, which <see cref="RequireUsable"/> has found usable; somebody else may have come first.</summary>
    /// <param name="names">The entries of such results.</param>
    /// <param name="result">What they are, in one word.</param>
    /// <param name="replace">Whether earlier ones may be lost.</param>
    /// <exception cref="InputException">They may not, and there are some now.</exception>
    /// <exception cref="IOException">The target cannot be replaced.</exception>
    public void PublishUsable(IReadOnlyCollection<string> names, string result, bool replace)
    {
        if (!Publish(() => replace ? false : IsEmpty(_target) is { } empty ? !empty : null, names))
        {
            throw new InputException($"{_target} has come to hold a {result} of another process in the meantime, which is kept; another directory is expected, or --force to replace it.");
        }
    }

    /// <summary>Removes the directory where it was not published.</summary>
    public void Dispose() => Remove(Location);

    // Null where it is gone again.
    private static bool? IsEmpty(string path)
    {
        try
        {
            return !Directory.EnumerateFileSystemEntries(path).Any();
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void SetAside(IReadOnlyCollection<string> replaced)
    {
        string aside = Unique(_target);
        try
        {
            Directory.Move(_target, aside);
        }
        catch (DirectoryNotFoundException)
        {
            // Another writer took it away first.
            return;
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries(aside).Where(entry => !replaced.Contains(Path.GetFileName(entry))))
        {
            Directory.Move(entry, Path.Combine(Location, Path.GetFileName(entry)));
        }

        Remove(aside);
    }

    // Leftovers are a nuisance, a lost result would be a loss: what cannot be removed stays for the next run to try.
    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Published, taken away by another run, or not ours to remove.
        }
    }

    private static string Prefix(string target) => $".{Path.GetFileName(target)}.partial-";

    private static string Parent(string target) => Path.GetDirectoryName(target)!;

    private static string Unique(string target) =>
        Path.Combine(Parent(target), string.Create(CultureInfo.InvariantCulture, $"{Prefix(target)}{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}"));

    private static void RemoveStale(string target)
    {
        foreach (string path in Directory.EnumerateDirectories(Parent(target)).Where(path => Path.GetFileName(path).StartsWith(Prefix(target), StringComparison.Ordinal)))
        {
            if (IsStale(path, Path.GetFileName(path)[Prefix(target).Length..]))
            {
                Remove(path);
            }
        }
    }

    // A machine's name may have hyphens, so the parts are counted from the end.
    private static bool IsStale(string path, string suffix)
    {
        string[] parts = suffix.Split('-');
        return parts.Length >= 3 && string.Join('-', parts[..^2]) == Environment.MachineName && int.TryParse(parts[^2], NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            ? !IsAlive(process)
            : DateTime.UtcNow - Directory.GetLastWriteTimeUtc(path) > LongestWrite;
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using Process found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
