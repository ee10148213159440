using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>What the runs of one sweep must have in common besides its spec: the version of the program, and the content of every file that they read.</summary>
/// <remarks>
/// <c>sources/version.txt</c>, and <c>sources/HASH.txt</c> for each file, with the SHA-256 of its content and its path, made when a run of the sweep first reads it. So a table never mixes
/// runs on old data with runs on new.
/// </remarks>
internal sealed class SweepSources(SweepDirectory sweep)
{
    private const string VersionFile = "version.txt";

    private const int NameDigits = 16;

    private readonly ConcurrentDictionary<string, Lazy<bool>> _same = new(StringComparer.Ordinal);

    /// <summary>Makes sure that this program and the files are those of the runs so far. Cost that of reading the files.</summary>
    /// <exception cref="InputException">The sweep was begun by another version, or a file has changed.</exception>
    public void RequireUnchanged()
    {
        string begun = Recorded(Path.Combine(sweep.SourcesPath, VersionFile), Summary.CurrentVersion);
        if (begun != Summary.CurrentVersion)
        {
            throw new InputException($"{sweep.Path} was begun by version {begun}, whose numbers may differ from those of {Summary.CurrentVersion}; another directory (--out) is expected.");
        }

        foreach (string[] record in Directory.EnumerateFiles(sweep.SourcesPath, "*.txt").Where(file => Path.GetFileName(file) != VersionFile).Select(file => File.ReadAllText(file).TrimEnd('\n').Split(' ', 2)))
        {
            if (record is [_, string path] && File.Exists(path))
            {
                Require(path);
            }
        }
    }

    /// <summary>Makes sure that the files which an experiment reads are as they were for the runs before it.</summary>
    /// <param name="spec">The experiment; relative paths begin at the folder of the sweep.</param>
    /// <exception cref="InputException">A file has changed.</exception>
    public void Require(ExperimentSpec spec)
    {
        foreach (string path in ((string?[])[spec.Data.Path, spec.Data.Labels, spec.Initial.Path]).OfType<string>().Select(path => Path.GetFullPath(path, sweep.Plan.Spec.Folder)).Where(File.Exists))
        {
            Require(path);
        }
    }

    private void Require(string path)
    {
        if (!_same.GetOrAdd(path, file => new Lazy<bool>(() => IsSame(file))).Value)
        {
            throw new InputException($"{path} has changed since the first runs of this sweep read it; the file as it was, or another directory (--out), is expected.");
        }
    }

    private bool IsSame(string path)
    {
        string content;
        try
        {
            using FileStream stream = File.OpenRead(path);
            content = $"{Convert.ToHexStringLower(SHA256.HashData(stream))} {path}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Whoever reads it as data says so better.
            return true;
        }

        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..NameDigits];
        return Recorded(Path.Combine(sweep.SourcesPath, $"{name}.txt"), content) == content;
    }

    // What a record says; one that is not there yet is made of what is given. Of several who make it at once the first one counts.
    private static string Recorded(string record, string content)
    {
        if (!File.Exists(record))
        {
            SweepDirectory.WriteWhole(record, content + "\n", replace: false);
        }

        return File.ReadAllText(record).TrimEnd('\n');
    }
}
