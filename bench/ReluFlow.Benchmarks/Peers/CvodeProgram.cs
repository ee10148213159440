using System.ComponentModel;
using System.Diagnostics;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>The program bench/peers/cvode_flow.c, compiled where a C compiler and SUNDIALS are installed.</summary>
internal sealed class CvodeProgram
{
    private readonly string _path;

    private CvodeProgram(string path) => _path = path;

    /// <summary>Compiles the program beside this one; null, with the reason, where that cannot be.</summary>
    public static CvodeProgram? TryCompile(out string? missing)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "peers", "cvode_flow.c");
        string path = Path.Combine(AppContext.BaseDirectory, "peers", "cvode_flow");
        try
        {
            (int status, _, string error) = Start("cc", "", "-O3", "-march=native", source, "-o", path, "-lsundials_cvode", "-lsundials_nvecserial", "-lm");
            missing = status == 0 ? null
                : error.Contains("cvode.h", StringComparison.Ordinal) ? "SUNDIALS is not installed (Debian: libsundials-dev)"
                : $"{source} does not compile: {error.Split('\n')[0]}";
        }
        catch (Win32Exception)
        {
            missing = "there is no C compiler (cc)";
        }

        return missing is null ? new CvodeProgram(path) : null;
    }

    /// <summary>What the program prints on a problem.</summary>
    /// <exception cref="InvalidOperationException">It ended with another status than 0.</exception>
    public string Run(string problem, params string[] arguments)
    {
        (int status, string output, string error) = Start(_path, problem, arguments);
        return status == 0 ? output : throw new InvalidOperationException($"cvode_flow ended with status {status}: {error.Trim()}");
    }

    private static (int Status, string Output, string Error) Start(string program, string input, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
