using System.Globalization;
using System.Text;
using CsvHelper;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures.Tables;

/// <summary>A table with one observation a row, read from CSV with a line of headings.</summary>
public sealed class TidyTable
{
    private static readonly CsvReaderOptions s_options = new()
    {
        Separator = ',',
        HasHeader = false,
        TrimWhitespace = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        TrackLineNumbers = true,
    };

    private readonly string[] _names;
    private readonly List<string[]> _rows;

    /// <summary>A table in memory.</summary>
    /// <param name="source">How messages name it.</param>
    /// <param name="names">The headings.</param>
    /// <param name="rows">The cells, as many in each row as headings.</param>
    internal TidyTable(string source, string[] names, List<string[]> rows)
    {
        Source = source;
        _names = names;
        _rows = rows;
    }

    /// <summary>How messages name the table.</summary>
    public string Source { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => _rows.Count;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It cannot be read, is empty, or a row has another number of cells than the headings.</exception>
    public static TidyTable Read(string path)
    {
        using InputStream file = InputFile.OpenDecompressed(path, CancellationToken.None);
        using CsvReader reader = CsvReader.Create(file, s_options);
        if (!Advance(reader, path))
        {
            throw new InputException($"{path}: the file is empty; a line of headings is expected.");
        }

        string[] names = Cells(reader);
        var rows = new List<string[]>();
        while (Advance(reader, path))
        {
            string[] cells = Cells(reader);
            rows.Add(cells.Length == names.Length ? cells : throw new InputException($"{path}, line {reader.LineNumber}: {cells.Length} cells; as many as headings are expected: {names.Length}."));
        }

        return new TidyTable(path, names, rows);
    }

    /// <summary>Whether there is a column of a name.</summary>
    public bool Has(string name) => _names.Contains(name);

    /// <summary>A column as text.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public string[] Texts(string name)
    {
        int column = Array.IndexOf(_names, name);
        return column >= 0 ? [.. _rows.Select(row => row[column])] : throw new InputException($"{Source}: there is no column '{Excerpt.Of(name)}'; {ColumnName.Choice(name, _names)}.");
    }

    /// <summary>A column as numbers, NaN where a cell is empty.</summary>
    /// <exception cref="InputException">There is none of that name, or a cell is no number.</exception>
    public double[] Numbers(string name) =>
    [
        .. Texts(name).Select((text, row) => text.Length == 0 ? double.NaN
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : throw new InputException($"{Source}, row {row + 1} below the headings: {name} is '{Excerpt.Of(text)}'; a number is expected.")),
    ];

    /// <summary>The decimal logarithms of a column, right even for 1e-1000; NaN where a cell is empty or not positive.</summary>
    /// <exception cref="InputException">There is none of that name, or a cell is no number.</exception>
    public double[] Logarithms(string name)
    {
        string[] texts = Texts(name);
        return [.. Numbers(name).Select((_, row) => LogNumber.TryParse(texts[row], out LogNumber positive) ? positive.Log / Math.Log(10) : double.NaN)];
    }

    /// <summary>The rows for which a column has a value.</summary>
    /// <exception cref="InputException">There is no such column, or no such row.</exception>
    public TidyTable Where(string name, string value)
    {
        string[] texts = Texts(name);
        List<string[]> rows = [.. _rows.Where((_, row) => texts[row] == value)];
        return rows.Count > 0 ? new TidyTable(Source, _names, rows) : throw new InputException($"{Source}: no row has {name} = '{Excerpt.Of(value)}'; there are {string.Join(", ", texts.Distinct().Take(20))}.");
    }

    private static bool Advance(CsvReader reader, string source)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException malformed)
        {
            throw new InputException($"{source}, line {malformed.LineNumber}: {Excerpt.Of(malformed.Message)} Comma-separated cells are expected.", malformed);
        }
    }

    private static string[] Cells(CsvReader reader) => [.. Enumerable.Range(0, reader.FieldCount).Select(i => Encoding.UTF8.GetString(reader.GetSpan(i)))];
}
