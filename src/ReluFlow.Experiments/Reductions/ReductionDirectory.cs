using System.Globalization;
using System.Text;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Weights;

namespace ReluFlow.Experiments.Reductions;

/// <summary>A reduced network as files: the network in three formats, the numbers and the curve. The directory appears whole or not at all.</summary>
public static class ReductionDirectory
{
    /// <summary>The numbers.</summary>
    public const string SummaryFileName = "reduction.json";

    /// <summary>Effective width against tolerance.</summary>
    public const string CurveFileName = "effective-width.csv";

    /// <summary>The run directory of fine-tuning, inside.</summary>
    public const string FineTuningName = "fine-tuned";

    private const string Result = "reduction";

    private static readonly string[] Names =
        [NetworkExport.NpzFileName, NetworkExport.SafetensorsFileName, NetworkExport.OnnxFileName, SummaryFileName, CurveFileName, FineTuningName];

    /// <summary>Makes sure, before long work, that a directory can be taken: it is absent, empty, or with <paramref name="replace"/> an earlier reduction, and what is reduced is not inside.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="source">The run or file that is to be reduced, which replacing the directory would take away.</param>
    /// <param name="replace">Whether an earlier reduction may be lost.</param>
    /// <exception cref="InputException">It cannot.</exception>
    public static void RequireUsable(string path, string source, bool replace)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (PartialDirectory.TargetOf(source).StartsWith(PartialDirectory.TargetOf(path) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InputException($"{path} holds {source}, which is to be reduced; another directory is expected.");
        }

        PartialDirectory.RequireUsable(path, Names, Result, replace);
    }

    /// <summary>Writes a reduction and reads its network back.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="reduction">The reduction.</param>
    /// <param name="export">Its network.</param>
    /// <param name="replace">Whether an earlier reduction may be lost, as <see cref="RequireUsable"/> was told.</param>
    /// <returns>The summary with what was read back.</returns>
    /// <exception cref="InputException">Somebody else has written there in the meantime.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static ReductionSummary Write(string path, NetworkReduction reduction, NetworkExport export, bool replace = false)
    {
        ArgumentNullException.ThrowIfNull(reduction);
        ArgumentNullException.ThrowIfNull(export);
        using var partial = new PartialDirectory(PartialDirectory.TargetOf(path));
        foreach ((string name, Action<Stream> write) in export.Files)
        {
            Write(name, write);
        }

        ReductionSummary summary = reduction.Summary with { Files = [.. new[] { NetworkExport.NpzFileName, NetworkExport.SafetensorsFileName }.Select(ReadBack)] };
        Write(SummaryFileName, stream => stream.Write(Encoding.UTF8.GetBytes(summary.ToJson())));
        Write(CurveFileName, stream => stream.Write(Encoding.UTF8.GetBytes(Curve(summary.EffectiveWidth))));
        partial.PublishUsable(Names, Result, replace);
        return summary;

        void Write(string name, Action<Stream> write)
        {
            using var stream = new FileStream(Path.Combine(partial.Location, name), FileMode.CreateNew);
            write(stream);
            stream.Flush(flushToDisk: true);
        }

        FileReadBack ReadBack(string name) =>
            new(name, OutputChange.Between(reduction.Reduction.Network, export.Read(partial.Location, name), reduction.Subject.Data.Training.Inputs).Largest);
    }

    /// <summary>Replaces the numbers of a reduction that is there, such as by those with fine-tuning.</summary>
    /// <param name="path">The reduction.</param>
    /// <param name="summary">Its numbers.</param>
    /// <exception cref="InputException">They cannot be written.</exception>
    public static void Write(string path, ReductionSummary summary)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(summary);
        WholeFile.Write(Path.Combine(path, SummaryFileName), stream => stream.Write(Encoding.UTF8.GetBytes(summary.ToJson())));
    }

    private static string Curve(IReadOnlyList<EffectiveWidth> curve) => string.Concat(
        ["tolerance,guaranteed,measured\n", .. curve.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Tolerance:R},{point.Guaranteed},{point.Measured}\n"))]);
}
