using System.Globalization;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>The files of a sweep: its spec, its runs, and what its workers tell each other. Everything is a file that appears whole, so that it works over a network.</summary>
/// <remarks>
/// <c>sweep.yaml</c>; <c>runs/XX/KEY</c>, one run directory a point, there only once it is done; <c>errors/INDEX.txt</c>, why a point has no run; <c>claims/KEY.N</c> and
/// <c>workers/ID</c> while somebody works; <c>sources</c>, what all runs have in common; <c>slurm/N.*</c>, one submission each; tables and <c>index.sqlite</c> after collecting.
/// </remarks>
public sealed class SweepDirectory
{
    /// <summary>The name of the spec.</summary>
    public const string SpecFileName = "sweep.yaml";

    // What makes a directory that of a sweep: runs and claims are names that others use too.
    private const string SourcesFolder = "sources";

    // Between the name of a file and what tells writers of it apart.
    private const string Partial = ".partial-";

    private SweepDirectory(string path, SweepPlan plan)
    {
        Path = path;
        Plan = plan;
    }

    /// <summary>The directory, absolute.</summary>
    public string Path { get; }

    /// <summary>The points.</summary>
    public SweepPlan Plan { get; }

    internal string ClaimsPath => this["claims"];

    internal string WorkersPath => this["workers"];

    internal string SlurmPath => this["slurm"];

    internal string SourcesPath => this[SourcesFolder];

    private string RunsPath => this["runs"];

    private string ErrorsPath => this["errors"];

    /// <summary>The path of a file or folder of this directory.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>The directory that a sweep has unless told otherwise: <c>runs/NAME-HASH</c> in the current directory.</summary>
    public static string DefaultPath(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return System.IO.Path.Combine("runs", $"{spec.Name}-{SweepFile.HashOf(spec)}");
    }

    /// <summary>Makes the directory of a sweep, or finds it made.</summary>
    /// <exception cref="InputException">It holds something else or cannot be written.</exception>
    public static SweepDirectory Create(SweepPlan plan, string path)
    {
        ArgumentNullException.ThrowIfNull(plan);
        RequirePath(path);
        string full = System.IO.Path.GetFullPath(path), file = System.IO.Path.Combine(full, SpecFileName);
        if (File.Exists(full))
        {
            throw new InputException($"{path} is a file; a directory for the sweep is expected.");
        }

        // A user's own spec does not make a sweep directory of the folder it is in; one that a killed process left is alone there.
        return Directory.Exists(full) && !Directory.Exists(System.IO.Path.Combine(full, SourcesFolder))
            && Writing(full, () => Directory.EnumerateFileSystemEntries(full).Any(entry => !System.IO.Path.GetFileName(entry).StartsWith(SpecFileName, StringComparison.Ordinal))) && !Directory.Exists(System.IO.Path.Combine(full, SourcesFolder))
            ? throw new InputException($"{path} holds files that are not a sweep's; an empty, absent or sweep directory is expected.")
            : Prepared(new SweepDirectory(full, plan), path);
    }

    /// <summary>Opens the directory of a sweep.</summary>
    /// <exception cref="InputException">There is no sweep.</exception>
    public static SweepDirectory Open(string path)
    {
        RequirePath(path);
        string full = System.IO.Path.GetFullPath(path), file = System.IO.Path.Combine(full, SpecFileName);
        if (File.Exists(file) && !Directory.Exists(System.IO.Path.Combine(full, SourcesFolder)))
        {
            throw new InputException($"{path} holds a sweep's spec and no runs; the directory that reluflow sweep {System.IO.Path.Combine(path, SpecFileName)} makes is expected.");
        }

        return File.Exists(file)
            ? new SweepDirectory(full, new SweepPlan(SweepFile.Read(file)))
            : throw new InputException($"{path} is not a sweep directory: {(Directory.Exists(full) ? $"{SpecFileName} is missing." : "there is no such directory.")}");
    }

    /// <summary>The run directory of a point, which is there once the run is done. Runs are spread over 256 folders, since a folder of 100,000 is slow on many file systems.</summary>
    public string RunPathOf(SweepPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return RunPathOf(point.Key);
    }

    /// <summary>Whether a point's run is done.</summary>
    public bool IsDone(SweepPoint point) => Directory.Exists(RunPathOf(point));

    /// <summary>The keys of all runs that are done. Cost O(runs) in entries of folders.</summary>
    public IReadOnlySet<string> DoneKeys() => !Directory.Exists(RunsPath) ? new HashSet<string>() : new DirectoryInfo(RunsPath).EnumerateDirectories()
        .SelectMany(folder => folder.EnumerateDirectories()).Select(run => run.Name).Where(name => !name.StartsWith('.')).ToHashSet(StringComparer.Ordinal);

    /// <summary>The points without a run, in order. Cost that of reading every point's spec.</summary>
    /// <remarks>A point that is no valid experiment has no run.</remarks>
    public IReadOnlyList<int> Unfinished()
    {
        IReadOnlySet<string> done = DoneKeys();
        return [.. Enumerable.Range(0, Plan.Count).AsParallel().AsOrdered().Where(index => Plan.TryPoint(index) is not { } point || !done.Contains(point.Key))];
    }

    /// <summary>Why points have no run, by their indices.</summary>
    public IReadOnlyDictionary<int, string> Errors() => !Directory.Exists(ErrorsPath)
        ? new Dictionary<int, string>()
        : Directory.EnumerateFiles(ErrorsPath, "*.txt")
            .Select(path => (Index: int.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index : -1, Path: path))

            // A worker that was killed between its run's end and here leaves the error of an earlier attempt behind.
            .Where(error => error.Index >= 0 && error.Index < Plan.Count && !(Plan.TryPoint(error.Index) is { } point && IsDone(point)))
            .Select(error => (error.Index, Message: TextOf(error.Path))).Where(error => error.Message is not null)
            .ToDictionary(error => error.Index, error => error.Message!.TrimEnd());

    internal void RecordError(int index, string message) => WriteWhole(ErrorPathOf(index), message.ReplaceLineEndings(" ") + "\n");

    internal void ForgetError(int index) => File.Delete(ErrorPathOf(index));

    /// <summary>Writes a file that appears whole, or takes the place of an older one whole.</summary>
    internal static void WriteWhole(string path, string text) => WriteWhole(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(text);
    });

    /// <inheritdoc cref="WriteWhole(string, string)"/>
    internal static void WriteWhole(string path, Action<Stream> write) => Writing(path, () =>
    {
        string partial = $"{path}{Partial}{Guid.NewGuid():N}";
        using (var stream = new FileStream(partial, FileMode.CreateNew))
        {
            write(stream);
        }

        File.Move(partial, path, overwrite: true);
        return true;
    });

    /// <summary>What a record says, a text in a folder of its own; one that is not there yet is made of what is given, and of several who make it at once the first one counts.</summary>
    /// <remarks>A rename onto a folder that is not empty fails: so the first one stays, on network file systems too.</remarks>
    internal static string Recorded(string folder, string text) => Writing(folder, () =>
    {
        const string Record = "record.txt";
        if (!Directory.Exists(folder))
        {
            string partial = $"{folder}{Partial}{Guid.NewGuid():N}";
            Directory.CreateDirectory(partial);
            File.WriteAllText(System.IO.Path.Combine(partial, Record), text);
            try
            {
                Directory.Move(partial, folder);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                Directory.Delete(partial, recursive: true);
            }
        }

        return File.ReadAllText(System.IO.Path.Combine(folder, Record));
    });

    /// <summary>Makes the folders that are missing.</summary>
    internal void MakeFolders() => Writing(Path, () =>
    {
        foreach (string folder in (string[])[SourcesPath, RunsPath, ErrorsPath, ClaimsPath, WorkersPath, SlurmPath])
        {
            Directory.CreateDirectory(folder);
        }

        return true;
    });

    /// <summary>Makes sure that this program and the data are those of the runs so far. Cost that of loading one data set.</summary>
    /// <exception cref="InputException">They are not: a table would mix what does not belong together.</exception>
    public void RequireUnchanged(CancellationToken cancellation) => new SweepSources(this).RequireUnchanged(cancellation);

    internal string RunPathOf(string key) => System.IO.Path.Combine(RunsPath, key[..2], key);

    // The record of whose directory it is comes before the spec, which only those write who have that record.
    private static SweepDirectory Prepared(SweepDirectory sweep, string path)
    {
        sweep.MakeFolders();
        string own = $"{sweep.Plan.Spec.Name}-{SweepFile.HashOf(sweep.Plan.Spec)}", there = Recorded(System.IO.Path.Combine(sweep.SourcesPath, "sweep"), own);
        if (there != own)
        {
            throw new InputException($"{path} holds another sweep, {there}, not {own}; another directory is expected.");
        }

        // The first one stays, with the folder in which its relative paths begin.
        if (!File.Exists(sweep[SpecFileName]))
        {
            WriteWhole(sweep[SpecFileName], SweepFile.Write(sweep.Plan.Spec));
        }

        return sweep;
    }

    private static void RequirePath(string path)
    {
        if (path.Length == 0)
        {
            throw new InputException("the path of the sweep directory is empty; a directory is expected.");
        }
    }

    private static T Writing<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be written: {FileFailure.InWords(error)}.", error);
        }
    }

    // Null for a file that has gone since it was listed.
    private static string? TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private string ErrorPathOf(int index) => System.IO.Path.Combine(ErrorsPath, string.Create(CultureInfo.InvariantCulture, $"{index:D6}.txt"));
}
