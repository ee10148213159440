using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>What the runs of one sweep must have in common besides its spec: the build of the program, and the content of the data and starts that they read.</summary>
/// <remarks>
/// <c>sources/sweep</c>, <c>sources/program</c>, and <c>sources/HASH</c> for each data section of the spec, as it is written there, with the hash of the data that it led to; the same for a start from a
/// file. Each is made by the first run that reads it. So a table never mixes runs on old data with runs on new, nor those of two folders whose specs read alike.
/// </remarks>
internal sealed class SweepSources(SweepDirectory sweep)
{
    private const string Program = "program";

    private const int NameDigits = 16;

    /// <summary>Makes sure that this program and, as far as the first point reads them, the data are those of the runs so far. Cost that of loading one data set.</summary>
    /// <exception cref="InputException">The sweep was begun by another build, or its data have changed.</exception>
    public void RequireUnchanged(CancellationToken cancellation)
    {
        sweep.MakeFolders();
        string program = $"version {Summary.CurrentVersion}, build {Summary.CurrentBuild}", begun = Recorded(Program, program);
        if (begun != program)
        {
            throw new InputException($"{sweep.Path} was begun by {begun}, whose numbers may differ from those of this program ({program}); that one, or another directory (--out), is expected.");
        }

        ExperimentSpec? first = Enumerable.Range(0, sweep.Plan.Count).Select(sweep.Plan.TryPoint).FirstOrDefault(point => point is not null)?.Spec;
        bool isShared = !sweep.Plan.Spec.Axes.Any(axis => axis.Key.StartsWith("data", StringComparison.Ordinal) || axis.Key.StartsWith("initial.path", StringComparison.Ordinal));
        if (first is not null && (isShared || IsRecorded(NameOf(DataSection(first)))) && Loaded(first, isShared, cancellation) is { } data)
        {
            Require(first, data);
            RequireStart(first);
        }
    }

    /// <summary>Makes sure that loaded data are those which the runs before had.</summary>
    /// <param name="spec">The experiment as the sweep has it, paths as they are written.</param>
    /// <param name="data">What its data section led to.</param>
    /// <exception cref="InputException">They are others.</exception>
    public void Require(ExperimentSpec spec, ExperimentData data)
    {
        if (Recorded(NameOf(DataSection(spec)), data.ContentHash) != data.ContentHash)
        {
            throw Changed(spec.Data.Path ?? spec.Data.Name ?? "the data");
        }
    }

    /// <summary>Makes sure that a start from a file is that of the runs before.</summary>
    /// <exception cref="InputException">It is another.</exception>
    public void RequireStart(ExperimentSpec spec)
    {
        if (spec.Initial.Path is { } path && Path.GetFullPath(path, sweep.Plan.Spec.Folder) is { } file && File.Exists(file))
        {
            using FileStream stream = File.OpenRead(file);
            string content = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (Recorded(NameOf($"initial {path}"), content) != content)
            {
                throw Changed(path);
            }
        }
    }

    private static InputException Changed(string what) => new($"{what} is not what it was when the first runs of this sweep read it; the content as it was, or another directory (--out), is expected.");

    // Null where it cannot be loaded: whoever runs the point says why. What all points need is said at once.
    private ExperimentData? Loaded(ExperimentSpec spec, bool isShared, CancellationToken cancellation)
    {
        ExperimentData? loaded = null;
        try
        {
            Experiment.Resolve(spec, sweep.Plan.Spec.Folder, data => loaded = DataSource.Load(data, cancellation), cancellation);
        }
        catch (InputException) when (!isShared || loaded is not null)
        {
            // Said there.
        }

        return loaded;
    }

    // The lines of the data section in the canonical text.
    private static string DataSection(ExperimentSpec spec) =>
        string.Join('\n', SpecFile.Write(spec).Split('\n').SkipWhile(line => line != "data:").Skip(1).TakeWhile(line => line.StartsWith(' ')).Prepend("data:"));

    private static string NameOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..NameDigits];

    private bool IsRecorded(string name) => Directory.Exists(Path.Combine(sweep.SourcesPath, name));

    private string Recorded(string name, string content) => SweepDirectory.Recorded(Path.Combine(sweep.SourcesPath, name), content);
}
