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

    private static readonly string[] Names =
        [NetworkExport.NpzFileName, NetworkExport.SafetensorsFileName, NetworkExport.OnnxFileName, SummaryFileName, CurveFileName, FineTuningName];

    /// <summary>Makes sure, before long work, that a directory can be taken: it is absent, empty, or with <paramref name="replace"/> an earlier reduction.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    public static void RequireUsable(string path, bool replace) => PartialDirectory.RequireUsable(path, Names, "reduction", replace);

    /// <summary>Writes a reduction and reads its network back.</summary>
    /// <param name="path">Where to; replaced where <see cref="RequireUsable"/> allows it.</param>
    /// <param name="reduction">The reduction.</param>
    /// <param name="export">Its network.</param>
    /// <returns>The summary with what was read back.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static ReductionSummary Write(string path, NetworkReduction reduction, NetworkExport export)
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
        partial.Publish(() => false, Names);
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

    private static string Curve(IReadOnlyList<EffectiveWidth> curve) => string.Concat(
        ["tolerance,guaranteed,measured\n", .. curve.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Tolerance:R},{point.Guaranteed},{point.Measured}\n"))]);
}
