using System.Text;
using Spectre.Console;

namespace ReluFlow.Cli;

/// <summary>Where the program writes: standard output for results, standard error for progress and notes, and what either can show.</summary>
internal sealed class Terminal
{
    /// <summary>The width of tables and pictures where the stream is no terminal.</summary>
    public const int DefaultWidth = 120;

    private const int NarrowBelow = 100;

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether standard output is a terminal that may be coloured.</summary>
    public bool Color { get; init; }

    /// <summary>Whether standard error is a terminal, where a line can be written over.</summary>
    public bool Live { get; init; }

    /// <summary>Whether the output's encoding has Greek letters, braille and lines.</summary>
    public bool Unicode { get; init; } = true;

    public int Width { get; init; } = DefaultWidth;

    /// <summary>Whether tables do with fewer digits and tags instead of words.</summary>
    public bool IsNarrow => Width < NarrowBelow;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The terminal of this process; colour is off where standard output is redirected, NO_COLOR is set or TERM is dumb.</summary>
    public static Terminal OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Color = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Live = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
        Unicode = Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage,
        Width = Console.IsOutputRedirected ? DefaultWidth : Math.Max(40, Console.WindowWidth),
    };

    /// <summary>The text as this terminal can show it.</summary>
    public string Text(string text) => Unicode ? text : AsciiText.Of(text);

    /// <summary>Writes a table or another Spectre widget to standard output.</summary>
    public void Write(Spectre.Console.Rendering.IRenderable widget)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Output),
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = Unicode;
        console.Write(widget);
    }

    /// <summary>Writes a line to standard output.</summary>
    public void Line(string line = "") => Output.WriteLine(Text(line));

    /// <summary>Writes sentences to standard output, broken between words.</summary>
    public void Paragraph(string text)
    {
        Write(new Spectre.Console.Text(Text(text)));
        Output.WriteLine();
    }

    /// <summary>Writes a note to standard error.</summary>
    public void Note(string line) => Error.WriteLine(Text(line));
}
