using System.Globalization;
using System.Text;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Figures.Tables;

namespace ReluFlow.Benchmarks.Results;

/// <summary>Error against time, a figure a problem, by the library's own figures of tables.</summary>
internal static class ResultFigures
{
    private const string Time = "processor seconds", Error = "relative error of the weights", Method = "method";

    /// <summary>Writes NAME-work-precision.csv and the figure beside it, as SVG, or as its specification in JSON where this build draws nothing.</summary>
    /// <exception cref="InputException">A file cannot be written or the figure not be drawn.</exception>
    public static void Write(ProblemResult problem, string folder)
    {
        string table = Path.Combine(folder, $"{problem.Name}-work-precision.csv");
        var text = new StringBuilder($"{Method},setting,{Time},{Error}\n");
        foreach (ResultRow row in problem.Rows.Where(row => row.Reached && double.IsFinite(row.Error)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\"{row.Method}\",{row.Setting},{row.Processor.Median:R},{Math.Max(row.Error, problem.Uncertainty):R}\n");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());
        WholeFile.Write(table, stream => stream.Write(bytes));
        Draw(table, Time, Error, Method);
    }

    /// <summary>Draws columns of a table against each other, both axes logarithmic, into a file beside it.</summary>
    /// <exception cref="InputException">The file cannot be written or the figure not be drawn.</exception>
    public static void Draw(string table, string x, string y, string by)
    {
        FigureFormat format = FigureRenderer.IsBuilt ? FigureFormat.Svg : FigureFormat.Json;
        using var renderer = new FigureRenderer(format);
        byte[] figure = renderer.Render(TableFigures.Draw("work-precision", TidyTable.Read(table), new TableAxes(x, y, by)));
        WholeFile.Write(Path.ChangeExtension(table, format == FigureFormat.Svg ? "svg" : "json"), stream => stream.Write(figure));
    }
}
