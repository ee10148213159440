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
        Dataset read = CsvDataset.Read(text, new DataLimits());
        double[] inputs = Array.ConvertAll(read.Inputs.Values.ToArray(), static pixel => pixel / 16);
        return new Dataset(
            Matrix.TakeOwnership(read.Samples, read.InputDimension, inputs),
            read.Targets,
            "digits",
            "Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0; pixels / 16");
    }
}
