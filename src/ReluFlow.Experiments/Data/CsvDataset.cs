using System.Globalization;
using System.Text;
using CsvHelper;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>Data from comma-separated numbers: one line a sample, the last column y. A first line of words, none a number and none empty, names the columns.</summary>
internal static class CsvDataset
{
    // Two million numbers in full precision; a longer line is no table.
    private const int LongestLine = 1 << 26;

    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        HasHeader = false,
        TrimWhitespace = true,
        AllowLineBreaksInQuotes = false,
        MalformedData = CsvMalformedDataHandling.Throw,
        MaxRecordSize = LongestLine,
        TrackLineNumbers = true,
    };

    /// <exception cref="InputException">The file is missing or malformed.</exception>
    public static Dataset Read(string path, CancellationToken cancellation)
    {
        using InputStream file = InputFile.OpenDecompressed(path, cancellation);
        return Read(file, new DataLimits());
    }

    /// <exception cref="InputException">The text is malformed or too much.</exception>
    public static Dataset Read(InputStream stream, DataLimits limits)
    {
        (Matrix inputs, Matrix targets) = Columns(stream, limits.Values);
        string name = Path.GetFileName(stream.Source);
        return new Dataset(inputs, targets, name, $"file {name}");
    }

    private static (Matrix Inputs, Matrix Targets) Columns(InputStream stream, long mostValues)
    {
        using CsvReader reader = CsvReader.Create(stream, Options);
        List<double> inputs = [], targets = [];
        int columns = 0;
        long firstLine = 0;
        while (Advance(reader, stream.Source))
        {
            if (firstLine == 0)
            {
                (columns, firstLine) = (reader.FieldCount, reader.LineNumber);
                if (columns < 2)
                {
                    throw new InputException($"{Line(reader, stream)}: one column; at least two expected, one input and y.");
                }

                if (IsHeader(reader))
                {
                    continue;
                }
            }

            if (reader.FieldCount != columns)
            {
                throw new InputException($"{Line(reader, stream)}: {reader.FieldCount} columns; {columns} expected as in line {firstLine}.");
            }

            if (inputs.Count + targets.Count + columns > mostValues)
            {
                throw new InputException($"{Line(reader, stream)}: more than {mostValues} values so far; a smaller file expected.");
            }

            for (int i = 0; i < columns; i++)
            {
                (i == columns - 1 ? targets : inputs).Add(Number(reader, i, stream));
            }
        }

        return targets.Count == 0
            ? throw new InputException($"{stream.Source}: no line of numbers; one line a sample expected, the last column y.")
            : (Matrix.TakeOwnership(targets.Count, columns - 1, [.. inputs]), Matrix.TakeOwnership(targets.Count, 1, [.. targets]));
    }

    private static bool Advance(CsvReader reader, string source)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException malformed)
        {
            throw new InputException($"{source}, line {malformed.LineNumber}, near byte {malformed.ByteOffset}: {Excerpt.Of(malformed.Message)} Comma-separated numbers expected.", malformed);
        }
    }

    private static string Line(CsvReader reader, InputStream stream) => $"{stream.Source}, line {reader.LineNumber}";

    private static bool IsHeader(CsvReader reader)
    {
        for (int i = 0; i < reader.FieldCount; i++)
        {
            if (reader.GetSpan(i).IsEmpty || TryParse(reader.GetSpan(i), out _))
            {
                return false;
            }
        }

        return true;
    }

    private static double Number(CsvReader reader, int column, InputStream stream)
    {
        ReadOnlySpan<byte> cell = reader.GetSpan(column);
        if (TryParse(cell, out double value) && double.IsFinite(value))
        {
            return value;
        }

        string found = cell.IsEmpty ? "an empty cell" : $"'{Excerpt.Of(Encoding.UTF8.GetString(cell))}'";
        throw new InputException($"{Line(reader, stream)}, column {column + 1}: {found}; a finite number expected.");
    }

    private static bool TryParse(ReadOnlySpan<byte> cell, out double value) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
