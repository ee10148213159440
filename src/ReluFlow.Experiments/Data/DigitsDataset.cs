using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>1,797 handwritten digits of 8 × 8 pixels from 0 to 16, divided by 16, with labels 0 to 9; part of this library.</summary>
/// <remarks>Source: [Digits], CC BY 4.0.</remarks>
internal static class DigitsDataset
{
    private const string Resource = "ReluFlow.Experiments.Data.digits.csv.gz";

    public static Dataset Read()
    {
        Stream resource = typeof(DigitsDataset).Assembly.GetManifestResourceStream(Resource)!;
        using InputStream text = InputFile.Decompressed(resource, "digits");
        (Matrix pixels, Matrix labels) = CsvDataset.Read(text);
        double[] inputs = Array.ConvertAll(pixels.Values.ToArray(), static pixel => pixel / 16);
        return new Dataset(
            Matrix.TakeOwnership(pixels.Rows, pixels.Columns, inputs),
            labels,
            "digits",
            "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0; pixels / 16");
    }
}
