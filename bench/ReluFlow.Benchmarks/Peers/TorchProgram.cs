using System.Diagnostics;
using System.Globalization;
using ReluFlow.Benchmarks.Descents;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>The program bench/peers/torch_descent.py, which waits in its own process and times its own steps.</summary>
internal sealed class TorchProgram : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly Process _process;

    /// <summary>Starts it on a problem that <see cref="DescentProblem.Write"/> wrote.</summary>
    public TorchProgram(DescentProblem problem, string path, string precision, int threads)
    {
        string batch = problem.Batch?.ToString(CultureInfo.InvariantCulture) ?? "full", step = problem.Step.ToString("R", CultureInfo.InvariantCulture);
        string[] arguments = [Script, path, precision, problem.Training.Loss.Name, batch, step, threads.ToString(CultureInfo.InvariantCulture)];
        _process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Version = Read();
    }

    /// <summary>Whether this machine's Python has PyTorch.</summary>
    public static bool IsInstalled
    {
        get
        {
            if (!File.Exists(Python))
            {
                return false;
            }

            using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", "import torch"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
    }

    /// <summary>PyTorch's version and its linear algebra.</summary>
    public string Version { get; }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "peers", "torch_descent.py");

    /// <summary>Goes back to the start.</summary>
    public void Restart() => Ask("restart");

    /// <summary>Takes steps; their processor time and the seconds of each.</summary>
    public (double Processor, double[] Seconds) Steps(int count)
    {
        double[] numbers = Numbers(Ask(string.Create(CultureInfo.InvariantCulture, $"steps {count}")));
        return (numbers[0], numbers[1..]);
    }

    /// <summary>The loss L of all samples, in our units.</summary>
    public double Loss() => Numbers(Ask("loss"))[0];

    /// <summary>GFLOP/s of one product X Wᵀ.</summary>
    public double Product() => Numbers(Ask("product"))[0];

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static double[] Numbers(string line) => [.. line.Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    private string Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
        return Read();
    }

    private string Read() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Script} ended early.");
}
