using System.Text;
using ReluFlow.Experiments.Specs;
using ReluFlow.Flows;

namespace ReluFlow.Experiments.Runs;

/// <summary>The files of a run. A run directory is whole or absent: it is written beside its place and renamed.</summary>
/// <remarks><c>experiment.yaml</c> has absolute paths, so that the run can be repeated from its directory as long as the data stay where they are.</remarks>
public static class RunDirectory
{
    /// <summary>The resolved spec.</summary>
    public const string SpecFileName = "experiment.yaml";

    /// <summary>The numbers of the run.</summary>
    public const string SummaryFileName = "summary.json";

    /// <summary>Start, saves and end.</summary>
    public const string TrajectoryFileName = "trajectory.npz";

    /// <summary>The last network.</summary>
    public const string NetworkFileName = "network.npz";

    /// <summary>The gate changes.</summary>
    public const string EventsFileName = "events.csv";

    /// <summary>The report for people. It is made of the other files, so a run without it is whole too.</summary>
    public const string ReportFileName = "report.html";

    // A replacement takes two renames; to meet one at each of this many looks is out of the question.
    private const int MostLooks = 5;

    private static readonly string[] FileNames = [SpecFileName, SummaryFileName, TrajectoryFileName, NetworkFileName, EventsFileName];

    // What goes away with the run that a new one replaces.
    private static readonly string[] OwnNames = [.. FileNames, ReportFileName];

    /// <summary><c>runs/NAME-HASH</c> in the current directory.</summary>
    public static string DefaultPath(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return Path.Combine("runs", $"{experiment.Spec.Name}-{experiment.Hash}");
    }

    /// <summary>The absolute path of an experiment's run directory: the one asked for, or <see cref="DefaultPath"/>.</summary>
    public static string PathOf(Experiment experiment, string? asked) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(asked ?? DefaultPath(experiment)));

    /// <summary>The run of an experiment that was cut short and is kept in a directory; null where there is none.</summary>
    /// <exception cref="InputException">The directory holds something else or cannot be read.</exception>
    public static Summary? FindPartial(Experiment experiment, string path)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        return Steadily(() => Find(path)) is { IsFinished: false } found && found.Hash == experiment.Hash ? found : null;
    }

    /// <summary>Reads a run back.</summary>
    /// <param name="path">The run directory.</param>
    /// <exception cref="InputException">There is no whole run.</exception>
    public static StoredRun Open(string path)
    {
        string directory = Path.GetFullPath(path);
        if (FileNames.FirstOrDefault(name => !File.Exists(Path.Combine(directory, name))) is string missing)
        {
            throw new InputException($"{path} is not a run directory: {(Directory.Exists(directory) ? $"{missing} is missing." : "there is no such directory.")}");
        }

        return Reading(path, () =>
        {
            ExperimentSpec spec = SpecFile.Read(Path.Combine(path, SpecFileName), []);
            return new StoredRun
            {
                Directory = directory,
                Spec = spec,
                Summary = ReadSummary(path),

                Points = PointsOf(path, spec.Save),
                Events = EventTable.Read(Path.Combine(path, EventsFileName)),
            };
        });
    }

    // The last point has all neurons and digits whatever the others have; a network that is not there as a whole is missed by who asks for it.
    private static IReadOnlyList<TrajectoryPoint> PointsOf(string path, SaveSpec save)
    {
        IReadOnlyList<TrajectoryPoint> points = TrajectoryFile.Read(Path.Combine(path, TrajectoryFileName));
        if (save.Neurons is { } neurons)
        {
            var partial = new InputException($"{path} keeps neurons {string.Join(", ", neurons.Take(5))}{(neurons.Count > 5 ? ", …" : "")} alone between its start and its end (save.neurons); this needs all of them.");
            points = [.. points.Select(point => new TrajectoryPoint(point.Time, point.Loss, () => throw partial))];
        }

        return save is { Precision: SavePrecision.Bits64, Neurons: null } ? points : [.. points.SkipLast(1), points[^1] with { Network = NetworkFile.Read(Path.Combine(path, NetworkFileName)) }];
    }

    /// <summary>Makes sure, before a long run, that its directory can be written: it is absent, empty or a run of this experiment, or with
    /// <paramref name="replaceOther"/> of any, and nothing else is in it.</summary>
    /// <returns>The summary of the run that is there; null where there is none.</returns>
    /// <exception cref="InputException">It cannot.</exception>
    internal static Summary? RequireUsable(string path, string hash, bool replaceOther)
    {
        if (File.Exists(path))
        {
            throw new InputException($"{path} is a file; a directory for the run is expected.");
        }

        Writing(path, () =>
        {
            using var probe = new PartialDirectory(path);
            return true;
        });
        Summary? found = Steadily(() => Find(path));
        string[] foreign = Reading(path, () => Directory.Exists(path) ? ForeignTo(path) : []);
        if (foreign.Length > 0)
        {
            throw new InputException($"{path} holds more than its run: {Excerpt.Of(string.Join(", ", foreign))}; another directory is expected, or these moved elsewhere, since a run replaces its directory.");
        }

        return found is null || found.Hash == hash || replaceOther
            ? found
            : throw new InputException($"{path} holds the run {found.Experiment}-{found.Hash}, not this one ({hash}); another directory is expected, or --force to replace it.");
    }

    /// <summary>The run of an experiment that this version finished; null where there is none.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    internal static StoredRun? OpenFinished(string path, string hash) => Steadily(() => IsFinished(path, hash) ? Open(path) : null);

    /// <summary>Writes a run. One that finished is not replaced by the same run of another writer unless <paramref name="force"/> says so, and no run by
    /// one of the same experiment that was cut short before it got as far.</summary>
    /// <returns>False where the run that was there is kept.</returns>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    internal static bool Write(string path, RunResult run, bool force, KeptFiles keep = KeptFiles.All) => Write(path, FilesOf(run, keep), () => Keeps(path, run.Summary, force));

    /// <summary>Writes files into a directory that appears whole or not at all.</summary>
    internal static bool Write(string path, IEnumerable<(string Name, Action<Stream> Write)> files, Func<bool?> keepsExisting) => Writing(path, () =>
    {
        using var partial = new PartialDirectory(path);
        foreach ((string name, Action<Stream> write) in files)
        {
            using var stream = new FileStream(Path.Combine(partial.Location, name), FileMode.CreateNew);
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        return partial.Publish(keepsExisting, OwnNames);
    });

    private static IEnumerable<(string Name, Action<Stream> Write)> FilesOf(RunResult run, KeptFiles keep)
    {
        yield return (SpecFileName, stream => stream.Write(Encoding.UTF8.GetBytes(SpecFile.Write(run.Experiment.Spec))));
        yield return (SummaryFileName, stream => stream.Write(Encoding.UTF8.GetBytes(run.Summary.ToJson())));
        if (keep == KeptFiles.Summary)
        {
            yield break;
        }

        yield return (TrajectoryFileName, stream => TrajectoryFile.Write(stream, run.Trajectory.Points, run.Experiment.Spec.Save));
        yield return (NetworkFileName, stream => NetworkFile.Write(stream, run.Trajectory.End.Network));
        yield return (EventsFileName, stream => EventTable.Write(stream, run.Trajectory.Events));
    }

    private static bool IsFinished(string path, string hash) => Find(path) is { IsFinished: true, Version: var version } found && found.Hash == hash && version == Summary.CurrentVersion;

    private static string[] ForeignTo(string path) =>
        [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)).Where(name => !OwnNames.Contains(name) && !WholeFile.IsLeftover(name, ReportFileName)).Order(StringComparer.Ordinal)];

    // The summary of the run at a place; null where there is nothing.
    private static Summary? Find(string path)
    {
        if (!Directory.Exists(path) || !Reading(path, () => Directory.EnumerateFileSystemEntries(path).Any()))
        {
            return null;
        }

        return File.Exists(Path.Combine(path, SummaryFileName))
            ? ReadSummary(path)
            : throw new InputException($"{path} holds files that are not a run's ({SummaryFileName} is missing); an empty, absent or run directory is expected.");
    }

    // Another writer may be replacing the directory between two of our looks at it.
    private static T Steadily<T>(Func<T> look)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return look();
            }
            catch (InputException) when (attempt < MostLooks)
            {
            }
        }
    }

    // Whether the run at a place stays although a new one is there to take it; null, to be asked again, for the same reason.
    private static bool? Keeps(string path, Summary run, bool force)
    {
        try
        {
            return Find(path) is Summary there && there.Hash == run.Hash
                && (run.IsFinished ? there.IsFinished && there.Version == run.Version && !force : there.IsFinished || there.Time > run.Time);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static Summary ReadSummary(string path)
    {
        string file = Path.Combine(path, SummaryFileName);
        return Summary.FromJson(Reading(path, () => File.ReadAllText(file)), file);
    }

    private static T Reading<T>(string path, Func<T> read) => Guarded(path, "read", read);

    private static T Writing<T>(string path, Func<T> write) => Guarded(path, "written", write);

    private static T Guarded<T>(string path, string verb, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be {verb}: {FileFailure.InWords(error)}", error);
        }
    }
}
