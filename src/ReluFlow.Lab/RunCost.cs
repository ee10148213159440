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
    // Gates as the solver carries them, and one event of each.
    private const int BytesOfGate = 40;

    public static RunCost Of(TrainingProblem problem, int points)
    {
        long n = problem.Data.Samples, m = problem.Start.Width, d = problem.Data.InputDimension, c = problem.Data.OutputDimension;
        long bytes = (points * m * ((sizeof(double) * (d + c + 1)) + Unsafe.SizeOf<NeuronRecord>())) + (sizeof(double) * n * (d + c)) + (BytesOfGate * n * m);
        return new RunCost(bytes, 2.0 * points * n * m * (d + c));
    }

    /// <exception cref="RefusedException">It is more than a run may cost.</exception>
    public void RequireWithin(LabLimits limits)
    {
        const string Advice = "fewer saves, neurons or samples are expected";
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
