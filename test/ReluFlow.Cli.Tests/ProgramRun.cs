namespace ReluFlow.Cli.Tests;

/// <summary>One command line, run in this process with its own writers.</summary>
internal sealed record ProgramRun(int Status, string Output, string Error)
{
    public static ProgramRun Of(params string[] arguments) => With(new Settings(), arguments);

    public static ProgramRun With(Settings settings, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var terminal = new Terminal { Output = output, Error = error, Color = settings.Color, Live = settings.Live, Unicode = settings.Unicode, Width = settings.Width, Clock = settings.Clock };
        int status = Program.Run(arguments, terminal, settings.Cancellation);
        return new ProgramRun(status, output.ToString(), error.ToString());
    }

    /// <summary>The promise for bad input: status 2, one clear line, nothing on standard output and no trace of the stack.</summary>
    public void ShouldBeOneClearLine(params string[] parts)
    {
        Status.ShouldBe(ExitStatus.BadInput, Error);
        Output.ShouldBeEmpty();
        Error.ShouldEndWith("\n");
        Error.TrimEnd('\n').ShouldNotContain('\n');
        Error.ShouldStartWith("reluflow: ");
        Error.ShouldNotContain("   at ");
        Error.ShouldNotContain("Exception");
        foreach (string part in parts)
        {
            Error.ShouldContain(part, Case.Sensitive);
        }
    }

    /// <summary>What a terminal can do, and the world around the run.</summary>
    internal sealed record Settings
    {
        public bool Color { get; init; }

        public bool Live { get; init; }

        public bool Unicode { get; init; } = true;

        public int Width { get; init; } = Terminal.DefaultWidth;

        public TimeProvider Clock { get; init; } = TimeProvider.System;

        public CancellationToken Cancellation { get; init; }
    }
}
