using System.CommandLine;
using System.Globalization;
using System.Text;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Figures;
using ReluFlow.Experiments.Figures.Tables;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Cli;

/// <summary><c>figure RUN|TABLE.csv [NAME] [--list] [--format svg|png|pdf|json] [--out FILE] [--at T,…] [--x C --y C --by C --log x|y|xy]</c>: draws one figure of a run or a table.</summary>
internal static class FigureCommand
{
    // Saved times have rounding errors.
    private const double SameTime = 1e-9;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var run = CommandLine.NoOption(new Argument<string>("RUN") { Description = "The run directory, or a table with one observation a row (.csv)." });
        var name = CommandLine.NoOption(new Argument<string?>("NAME") { Description = "The figure; --list names those of the run.", Arity = ArgumentArity.ZeroOrOne });
        var list = new Option<bool>("--list") { Description = "Name the figures and say which the run has." };
        var format = new Option<string?>("--format") { Description = "svg, png (300 dots per inch), pdf or json (the Vega-Lite specification with its data); by default that of FILE, else svg.", HelpName = "FORMAT" };
        var output = new Option<string?>("--out") { Description = "The file (default NAME.FORMAT here); - for standard output, svg and json.", HelpName = "FILE" };
        var at = new Option<string?>("--at") { Description = "The times to show, for a figure of chosen times.", HelpName = "T,…" };
        var x = new Option<string?>("--x") { Description = "Of a table: the column along the horizontal axis.", HelpName = "COLUMN" };
        var y = new Option<string?>("--y") { Description = "Of a table: the column along the vertical axis.", HelpName = "COLUMN" };
        var by = new Option<string?>("--by") { Description = "Of a table: the column of series or colours.", HelpName = "COLUMN" };
        var log = new Option<string?>("--log") { Description = "Of a table: the logarithmic axes, x, y or xy; by for the colours of a heat map.", HelpName = "AXES" };
        var command = new Command("figure", "Draw one figure of a run or a table.") { run, name, list, format, output, at, x, y, by, log };
        command.SetAction(arguments =>
        {
            string source = arguments.GetRequiredValue(run);
            bool isTable = IsTable(source);
            if (arguments.GetValue(list))
            {
                List(terminal, isTable ? TableFigures.All : OfRun(RunResult.Read(source, cancellation)));
                return ExitStatus.Done;
            }

            string asked = arguments.GetValue(name) ?? throw new InputException("figure needs a NAME or --list; see reluflow figure --help.");
            string? file = arguments.GetValue(output);
            FigureFormat chosen = FormatOf(arguments.GetValue(format), file);
            if (file == "-" && chosen is (FigureFormat.Png or FigureFormat.Pdf))
            {
                throw new InputException($"--out is - and the format {chosen.ToString().ToLowerInvariant()}, which is no text; a file is expected.");
            }

            using var renderer = new FigureRenderer(chosen);
            Refuse(arguments, isTable ? [at] : [x, y, by, log], isTable ? "a run; a run directory is expected" : "a table; a .csv file is expected");
            if (isTable)
            {
                TableFigures.RequireName(asked);
            }

            TableAxes? axes = isTable ? AxesOf(arguments.GetValue(x), arguments.GetValue(y), arguments.GetValue(by), LogOf(asked, arguments.GetValue(log))) : null;
            Figure figure = axes is not null
                ? TableFigures.Draw(asked, TidyTable.Read(source), axes)
                : OfRun(terminal, asked, TimesOf(arguments.GetValue(at)), () => RunResult.Read(source, cancellation));
            Write(terminal, renderer.Render(figure, cancellation), file ?? $"{asked}.{chosen.ToString().ToLowerInvariant()}");
            foreach (string remark in figure.Remarks)
            {
                terminal.Note($"note: {remark}");
            }

            return ExitStatus.Done;
        });
        return command;
    }

    // A table may be compressed: runs.csv.gz.
    private static bool IsTable(string source)
    {
        bool isNamedSo = Path.GetFileName(source).Contains(".csv", StringComparison.OrdinalIgnoreCase);
        return Directory.Exists(source) ? false
            : File.Exists(source) ? isNamedSo ? true : throw new InputException($"{source} is neither a run directory nor a table, whose name ends in .csv.")
            : isNamedSo ? throw new InputException($"{source}: there is no such file.") : false;
    }

    private static void List(Terminal terminal, IEnumerable<(string Name, string Summary)> figures)
    {
        (string Name, string Summary)[] all = [.. figures];
        int width = all.Max(figure => figure.Name.Length);
        foreach ((string name, string summary) in all)
        {
            terminal.Line($"{name.PadRight(width)}  {summary}");
        }
    }

    private static void Refuse(ParseResult arguments, Option<string?>[] options, string of)
    {
        if (options.FirstOrDefault(option => arguments.GetValue(option) is not null) is { } given)
        {
            throw new InputException($"{given.Name} is for figures of {of}.");
        }
    }

    // What cannot be drawn is said before the run is read; a figure shows saved times, the nearest to those asked for.
    private static Figure OfRun(Terminal terminal, string asked, double[]? times, Func<RunResult> read)
    {
        int most = RunFigures.Find(asked).TimesTaken;
        if (times?.Length > most)
        {
            throw new InputException($"--at has {times.Length} time{(times.Length == 1 ? "" : "s")}; the figure '{asked}' {(most == 0 ? "is of the whole run, none is expected" : "is of one time")}.");
        }

        RunResult run = read();
        foreach (double time in times ?? [])
        {
            RequireWithin(run, time);
            double nearest = run.Trajectory.Points.MinBy(point => Math.Abs(point.Time - time))!.Time;
            if (Math.Abs(nearest - time) > SameTime * Math.Abs(time))
            {
                terminal.Note(string.Create(CultureInfo.InvariantCulture, $"note: the saved time nearest to {time} is {nearest:G6}, which is shown"));
            }
        }

        return RunFigures.Draw(asked, run, times);
    }

    private static void RequireWithin(RunResult run, double time)
    {
        double begin = run.Trajectory.Start.Time, end = run.Trajectory.End.Time;
        if (time < begin - (SameTime * Math.Abs(begin)) || time > end + (SameTime * Math.Abs(end)))
        {
            throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--at is {time}; the run {(time < begin ? $"begins at t = {begin:G6}" : $"ends at t = {end:G6}")}."));
        }
    }

    private static string? LogOf(string asked, string? log) => (asked, log) switch
    {
        ("heat-map", "x" or "y" or "xy") => throw new InputException($"--log is {log}; of a heat map the colours alone can be logarithmic, by is expected."),
        ("lines", "by") => throw new InputException("--log is by; of lines the axes alone can be logarithmic, x, y or xy is expected."),
        ("work-precision", not null) => throw new InputException($"--log is {log}; the axes of work-precision are logarithmic anyway, none is expected."),
        _ => log,
    };

    private static IEnumerable<(string Name, string Summary)> OfRun(RunResult run) =>
        RunFigures.All.Select(figure => (figure.Name, figure.WhyNot(run) is { } why ? $"{figure.Summary} (not of this run: {why})" : figure.Summary));

    private static TableAxes AxesOf(string? x, string? y, string? by, string? log) => log is null or "x" or "y" or "xy" or "by"
        ? new TableAxes(x ?? throw new InputException("A figure of a table needs --x, a column."), y ?? throw new InputException("A figure of a table needs --y, a column."), by)
        {
            LogX = log is "x" or "xy",
            LogY = log is "y" or "xy",
            LogBy = log is "by",
        }
        : throw new InputException($"--log is '{log}'; x, y, xy or by is expected.");

    private static FigureFormat FormatOf(string? asked, string? file)
    {
        string? extension = file is null or "-" ? null : Path.GetExtension(file).TrimStart('.');
        if (!TryParse(asked ?? extension ?? "svg", out FigureFormat format))
        {
            throw new InputException(asked is null ? $"--out is {file}; a name that ends in .svg, .png, .pdf or .json is expected, or --format." : $"--format is '{asked}'; svg, png, pdf or json is expected.");
        }

        return TryParse(extension, out FigureFormat named) && named != format
            ? throw new InputException($"--out is {file} and --format {asked}; one of them alone, or both of one format, is expected.")
            : format;
    }

    private static bool TryParse(string? text, out FigureFormat format) =>
        Enum.TryParse(text, ignoreCase: true, out format) && Enum.IsDefined(format) && !int.TryParse(text, out _);

    private static double[]? TimesOf(string? text) => text is null ? null :
    [
        .. text.Split(',').Select(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double time) && double.IsFinite(time)
            ? time
            : throw new InputException($"--at is '{text}'; times with commas between them are expected.")),
    ];

    private static void Write(Terminal terminal, byte[] bytes, string file)
    {
        if (file == "-")
        {
            terminal.Output.Write(Encoding.UTF8.GetString(bytes));
            return;
        }

        WholeFile.Write(file, stream => stream.Write(bytes));
        terminal.Line(string.Create(CultureInfo.InvariantCulture, $"{file}: {Math.Max(1, bytes.Length / 1000):N0} kB"));
    }
}
