using System.Globalization;
using System.Text;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Runs;

/// <summary>A neuron ledger as CSV, one line a kept point and neuron; a cell without a value is empty.</summary>
public static class LedgerTable
{
    /// <summary>The columns.</summary>
    public const string Header = "t,neuron,state,locked,active_samples,gate,log_norm_product,imbalance,growth_rate,pull,angle,log_head_start";

    /// <summary>Writes the table.</summary>
    public static void Write(Stream stream, NeuronLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        for (int i = 0; i < ledger.Points.Count; i++)
        {
            string time = Cell(ledger.Points[i].Time);
            for (int j = 0; j < ledger.Width; j++)
            {
                NeuronRecord r = ledger[i, j];
                double[] numbers = [r.LogNormProduct, r.Imbalance, r.GrowthRate, r.Pull, r.Angle, r.LogHeadStart];
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time},{j},{KebabName.Of(r.State)},{(r.IsLocked ? 1 : 0)},{r.ActiveSamples},{r.Gate},{string.Join(',', numbers.Select(Cell))}"));
            }
        }
    }

    private static string Cell(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : "";
}
