using Spectre.Console;

namespace ReluFlow.Cli;

/// <summary>A table on standard output. Where there is little room its words wrap; its numbers never do.</summary>
internal sealed class ResultTable(Terminal terminal)
{
    private readonly Table _table = new() { Border = terminal.Unicode ? TableBorder.Rounded : TableBorder.Ascii };

    /// <summary>Adds a column of words.</summary>
    public ResultTable Words(string heading) => Column(heading, wraps: true);

    /// <summary>Adds a column of numbers.</summary>
    public ResultTable Numbers(string heading) => Column(heading, wraps: false);

    public void Row(params IEnumerable<string> cells) => _table.AddRow(cells.Select(cell => Cell(cell)));

    public void Row(params IEnumerable<(string Text, Color? Color)> cells) => _table.AddRow(cells.Select(cell => Cell(cell.Text, cell.Color)));

    public void Show() => terminal.Write(_table);

    private ResultTable Column(string heading, bool wraps)
    {
        var bold = new Markup(Markup.Escape(terminal.Text(heading)), new Style(decoration: Decoration.Bold));
        _table.AddColumn(new TableColumn(bold) { NoWrap = !wraps });
        return this;
    }

    private Text Cell(string text, Color? color = null) => new(terminal.Text(text), new Style(color));
}
