using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ReluFlow.Cli.Tests;

/// <summary>The program, or another one, as a process of its own.</summary>
internal sealed partial class ProgramProcess : IDisposable
{
    public const int Interrupt = 2, Terminate = 15;

    private readonly Process _process;
    private Task<string>? _output;

    private ProgramProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
    }

    public static ProgramProcess OfReluFlow(Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "reluflow.dll"), .. arguments]);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ProgramProcess(start);
    }

    public static ProgramProcess Of(string program, params string[] arguments) => new(new ProcessStartInfo(program, arguments));

    /// <summary>Waits for the next line on standard error; standard output is read meanwhile.</summary>
    public string? NextNote()
    {
        _output ??= _process.StandardOutput.ReadToEndAsync();
        return _process.StandardError.ReadLine();
    }

    /// <summary>Waits for the next line on standard output, before anything else is read of it.</summary>
    public string? NextLine() => _process.StandardOutput.ReadLine();

    public void Send(int signal) => Kill(_process.Id, signal).ShouldBe(0);

    /// <summary>Waits until something holds; the process must not end before.</summary>
    public void WaitUntil(Func<bool> holds)
    {
        while (!holds())
        {
            _process.HasExited.ShouldBeFalse();
            Thread.Sleep(1);
        }
    }

    public ProgramRun End()
    {
        _output ??= _process.StandardOutput.ReadToEndAsync();
        string error = _process.StandardError.ReadToEnd();
        _process.WaitForExit();
        return new ProgramRun(_process.ExitCode, _output.Result, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
