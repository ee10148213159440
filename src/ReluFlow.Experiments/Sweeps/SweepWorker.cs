using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>A process at work on a sweep, as others see it: the file <c>workers/ID</c>, touched every <see cref="Beat"/> and taken away at the end.</summary>
/// <remarks>
/// Whether a worker lives is known at once where it ran in the same process namespace of the same boot of the same machine: its process is asked. Elsewhere its file is watched: one that
/// is not touched for <see cref="Lease"/>, by the watcher's own clock, belongs to a dead worker, so that clocks of different machines need not agree.
/// </remarks>
internal sealed class SweepWorker : IDisposable
{
    /// <summary>How often a worker shows that it lives.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    /// <summary>How long a silent worker on another machine is waited for; several beats, and longer than a network file system keeps attributes.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(120);

    // starttime of proc(5), counted from the state that follows the name.
    private const int StartField = 19;

    private readonly SweepDirectory _sweep;
    private readonly string _identity;
    private readonly ITimer _beat;
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>Announces this process, and takes away what dead workers of this machine left.</summary>
    public SweepWorker(SweepDirectory sweep, TimeProvider clock)
    {
        _sweep = sweep;
        sweep.MakeFolders();
        Id = Guid.NewGuid().ToString("N");
        foreach (string path in Directory.EnumerateFiles(sweep.WorkersPath).Where(path => Read(path) is { } identity && identity.IsHere && !identity.IsAlive))
        {
            File.Delete(path);
        }

        using var process = Process.GetCurrentProcess();
        var self = new Identity(Identity.Here, process.Id, StartOf(process), Environment.MachineName, Environment.GetEnvironmentVariable("SLURM_JOB_ID"));
        _identity = JsonSerializer.Serialize(self);
        SweepDirectory.WriteWhole(PathOf(sweep, Id), _identity);
        _beat = clock.CreateTimer(_ => Touch(), null, Beat, Beat);
    }

    /// <summary>The name of this worker, different from that of any other.</summary>
    public string Id { get; }

    /// <summary>The workers that are not known to be dead, in words; of one elsewhere that has been silent for longer than <see cref="Lease"/>, since when.</summary>
    public static IReadOnlyList<string> Present(SweepDirectory sweep, TimeProvider clock) => !Directory.Exists(sweep.WorkersPath) ? []
        : [.. Directory.EnumerateFiles(sweep.WorkersPath).Select(path => (Path: path, Identity: Read(path))).Where(worker => worker.Identity is { } identity && (!identity.IsHere || identity.IsAlive))
            .Select(worker => worker.Identity + Silence(clock.GetUtcNow() - File.GetLastWriteTimeUtc(worker.Path)))];

    /// <summary>The last sign of life of a worker, or null for one that has gone or whose process is dead.</summary>
    public static DateTime? SignOf(SweepDirectory sweep, string id)
    {
        string path = PathOf(sweep, id);
        return Read(path) is not { } identity || (identity.IsHere && !identity.IsAlive) ? null : File.GetLastWriteTimeUtc(path);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        _beat.Dispose();
        File.Delete(PathOf(_sweep, Id));
    }

    private static string PathOf(SweepDirectory sweep, string id) => Path.Combine(sweep.WorkersPath, id);

    // To open the file makes a network file system look at it anew.
    private static Identity? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Identity>(File.ReadAllText(path));
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    // In clock ticks since the boot where the kernel says so: a time of day would move with every step of the clock.
    private static long StartOf(Process process)
    {
        string stat = $"/proc/{process.Id}/stat";
        return File.Exists(stat)
            ? long.Parse(File.ReadAllText(stat).Split(") ")[^1].Split(' ')[StartField], CultureInfo.InvariantCulture)
            : process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
    }

    private static string Silence(TimeSpan age) => age <= Lease ? "" : string.Create(CultureInfo.InvariantCulture, $", silent for {age.TotalMinutes:F0} min: dead, or its file system is");

    // Not after the end: the file would be there again. Where it has gone somebody took this worker for dead; from here on it lives again.
    private void Touch()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            try
            {
                string path = PathOf(_sweep, Id);
                if (File.Exists(path))
                {
                    File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
                }
                else
                {
                    SweepDirectory.WriteWhole(path, _identity);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InputException)
            {
                // Another beat follows; a file system that stays away longer than the lease makes this worker count as dead.
            }
        }
    }

    /// <summary>Which process a worker is.</summary>
    /// <param name="Scope">Where its number means something.</param>
    /// <param name="Process">Its number.</param>
    /// <param name="Start">When it began, in clock ticks since the boot: numbers are used again.</param>
    /// <param name="Machine">The machine's name, for people.</param>
    /// <param name="SlurmJob">The Slurm job it is of; null for none.</param>
    internal sealed record Identity(string Scope, int Process, long Start, string Machine, string? SlurmJob)
    {
        /// <summary>This machine, its boot and the namespace of process numbers.</summary>
        public static string Here { get; } = string.Join(' ', Environment.MachineName, Line("/proc/sys/kernel/random/boot_id"), Link("/proc/self/ns/pid"));

        /// <summary>Whether this process can ask after it.</summary>
        public bool IsHere => Scope == Here;

        /// <summary>Whether its process lives, where <see cref="IsHere"/>.</summary>
        public bool IsAlive
        {
            get
            {
                try
                {
                    using var process = System.Diagnostics.Process.GetProcessById(Process);

                    return !process.HasExited && StartOf(process) == Start;
                }
                catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or IOException)
                {
                    return false;
                }
            }
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"process {Process} on {Machine}{(SlurmJob is null ? "" : $" (Slurm job {SlurmJob})")}");

        private static string Line(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "";

        private static string? Link(string path) => File.Exists(path) ? new FileInfo(path).LinkTarget : "";
    }
}
