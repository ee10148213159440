using System.Globalization;
using System.Net;
using System.Text;

namespace ReluFlow.Experiments.Reports;

/// <summary>A cell of a table: what it says and, for a number, what it is sorted by.</summary>
/// <param name="Text">The text.</param>
/// <param name="Value">The number; null for words.</param>
/// <param name="Class">A class of the style sheet; null for none.</param>
internal sealed record Cell(string Text, double? Value = null, string? Class = null)
{
    /// <summary>A number with six digits; empty where there is none.</summary>
    public static Cell Of(double? number) => number is { } value && double.IsFinite(value) ? new Cell(Figures.NumberText.Of(value, 6), value) : new Cell("");

    /// <summary>A number that may underflow, by its natural logarithm.</summary>
    public static Cell OfLog(double log) => double.IsNaN(log) ? new Cell("") : new Cell(Figures.PowersOfTen.InWords(log / Math.Log(10)), log);
}

/// <summary>A table of HTML.</summary>
internal sealed class HtmlTable
{
    private readonly string _caption;
    private readonly (string Heading, bool IsNumber)[] _columns;
    private readonly StringBuilder _rows = new();
    private readonly bool _sortable;

    /// <summary>Begins a table.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="sortable">Whether a page offers to sort it.</param>
    /// <param name="columns">Headings; a column of numbers begins with #.</param>
    public HtmlTable(string caption, bool sortable, params string[] columns)
    {
        _caption = caption;
        _sortable = sortable;
        _columns = [.. columns.Select(column => (column.TrimStart('#'), column.StartsWith('#')))];
    }

    /// <summary>Adds a row.</summary>
    public void Row(params Cell[] cells)
    {
        _rows.Append("<tr>");
        for (int i = 0; i < cells.Length; i++)
        {
            Cell cell = cells[i];
            string classes = string.Join(' ', ((string?[])[_columns[i].IsNumber ? "number" : null, cell.Class]).OfType<string>());
            string value = cell.Value is { } number && _sortable ? $" data-value=\"{number.ToString("R", CultureInfo.InvariantCulture)}\"" : "";
            string heading = !_sortable && i > 0 ? $" data-heading=\"{WebUtility.HtmlEncode(_columns[i].Heading)}\"" : "";
            _rows.Append(CultureInfo.InvariantCulture, $"<td{(classes.Length > 0 ? $" class=\"{classes}\"" : "")}{value}{heading}>{WebUtility.HtmlEncode(cell.Text)}</td>");
        }

        _rows.Append("</tr>\n");
    }

    /// <summary>The table, which scrolls by itself where it is wider than the page.</summary>
    public override string ToString()
    {
        string headings = string.Concat(_columns.Select(column => $"<th scope=\"col\"{(column.IsNumber ? " class=\"number\"" : "")}>{WebUtility.HtmlEncode(column.Heading)}</th>"));
        return $"""
            <div class="scroll" role="region" tabindex="0" aria-label="{WebUtility.HtmlEncode(_caption)}"><table class="{(_sortable ? "sortable" : "plain")}">
            <caption>{WebUtility.HtmlEncode(_caption)}</caption>
            <thead><tr>{headings}</tr></thead>
            <tbody>
            {_rows}</tbody></table></div>

            """;
    }
}
