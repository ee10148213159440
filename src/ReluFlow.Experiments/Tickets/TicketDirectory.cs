using System.Globalization;
using System.Text;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Tickets;

/// <summary>A study of lottery tickets as files. The directory appears whole or not at all.</summary>
public static class TicketDirectory
{
    /// <summary>The numbers, <see cref="TicketSummary"/>.</summary>
    public const string SummaryFileName = "ticket.json";

    /// <summary>One line a seed, size and trained network.</summary>
    public const string TableFileName = "ticket.csv";

    /// <summary>One line a seed and unit: who survived how many rounds, and what was predicted of whom.</summary>
    public const string UnitsFileName = "units.csv";

    /// <summary>The resolved spec.</summary>
    public const string SpecFileName = "experiment.yaml";

    private static readonly string[] Names = [SummaryFileName, TableFileName, UnitsFileName, SpecFileName];

    /// <summary>Makes sure, before long work, that a directory can be taken: it is absent, empty, or with <paramref name="replace"/> an earlier study.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    public static void RequireUsable(string path, bool replace) => PartialDirectory.RequireUsable(path, Names, "ticket study", replace);

    /// <summary>Writes a study.</summary>
    /// <param name="path">Where to; replaced where <see cref="RequireUsable"/> allows it.</param>
    /// <param name="study">The study.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, TicketStudy study)
    {
        ArgumentNullException.ThrowIfNull(study);
        using var partial = new PartialDirectory(PartialDirectory.TargetOf(path));
        Write(SummaryFileName, study.Summary.ToJson());
        Write(TableFileName, TableOf(study.Summary));
        Write(UnitsFileName, UnitsOf(study));
        Write(SpecFileName, SpecFile.Write(study.Experiment.Spec));
        partial.Publish(() => false, Names);

        void Write(string name, string text)
        {
            using var stream = new FileStream(Path.Combine(partial.Location, name), FileMode.CreateNew);
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
    }

    private static string TableOf(TicketSummary summary) => string.Concat(
    [
        "seed,round,size,neurons,precision,recall,head_start_precision,chance_overlap,arm,status,loss,held_out_loss,accuracy,held_out_accuracy\n",
        .. summary.Results.SelectMany(round => round.Arms.Select(arm => string.Create(
            CultureInfo.InvariantCulture,
            $"{round.Seed},{round.Round},{round.Size},{round.Neurons},{round.Precision:R},{round.Recall:R},{round.HeadStartPrecision:R},{round.ChanceOverlap:R},{arm.Arm},{arm.Status},{arm.Loss:R},{arm.HeldOutLoss:R},{arm.Accuracy?.Training:R},{arm.Accuracy?.HeldOut:R}\n"))),
    ]);

    private static string UnitsOf(TicketStudy study) => string.Concat(
    [
        "seed,unit,rounds_survived,early_flow,head_start\n",
        .. study.Fates.Select(fate => string.Create(
            CultureInfo.InvariantCulture,
            $"{fate.Seed},{fate.Unit},{fate.Survived},{Cell(fate.EarlyFlow)},{Cell(fate.HeadStart)}\n")),
    ]);

    private static string Cell(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
