using System.Globalization;
using System.Runtime.CompilerServices;
using ReluFlow.Flows;
using ReluFlow.Neurons;

namespace ReluFlow.Lab;

/// <summary>What a run costs at most, known from its shape before it begins.</summary>
/// <param name="Bytes">What it keeps: saved points of m (d + c + 1) numbers, a ledger of one record a neuron and point, data, and gates with their events.</param>
/// <param name="Operations">Multiplications to make its frames: gates and gradient, 2 n m (d + c) each.</param>
internal sealed record RunCost(long Bytes, double Operations)
{
    // Gates as the solver carries them, and one event of each; further events are counted as they come.
    private const int BytesOfGate = 40;

    // What an export has beside numbers: the spec, names, and what deflate adds to what it cannot compress, at most five bytes in 16 KiB.
    private const long ArchiveOverhead = 1 << 16;

    public static RunCost Of(TrainingProblem problem, int points)
    {
        long n = problem.Data.Samples, m = problem.Start.Width, d = problem.Data.InputDimension, c = problem.Data.OutputDimension;
        long bytes = (points * m * ((sizeof(double) * (d + c + 1)) + Unsafe.SizeOf<NeuronRecord>())) + (sizeof(double) * n * (d + c)) + (BytesOfGate * n * m);
        return new RunCost(bytes, 2.0 * points * n * m * (d + c));
    }

    /// <summary>The most bytes of a run's export.</summary>
    public static long LargestArchive(TrainingProblem problem)
    {
        long numbers = sizeof(double) * (((long)problem.Data.Samples * (problem.Data.InputDimension + problem.Data.OutputDimension))
            + ((long)problem.Start.Width * (problem.Start.InputDimension + problem.Start.OutputDimension + 1)));
        return numbers + (numbers / 1024) + ArchiveOverhead;
    }

    /// <summary>The bytes that making an export takes: itself, and the numbers as they are gathered for it.</summary>
    public static long BytesOfExport(TrainingProblem problem) => 2 * LargestArchive(problem);

    /// <exception cref="RefusedException">It is more than a run may cost.</exception>
    public void RequireWithin(LabLimits limits)
    {
        const string Advice = "fewer saved times, neurons or samples are expected";
        if (Bytes > limits.RunBytes)
        {
            throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"the run would keep {InMebibytes(Bytes)} MiB; at most {InMebibytes(limits.RunBytes)} MiB are allowed: {Advice}."), "saves");
        }

        if (Operations > limits.Operations)
        {
            throw new RefusedException(string.Create(CultureInfo.InvariantCulture, $"the frames of the run would take {Operations:G2} multiplications; at most {limits.Operations:G2} are allowed: {Advice}."), "saves");
        }
    }

    public static long InMebibytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
