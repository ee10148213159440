using System.Globalization;
using System.Text;
using ReluFlow.Benchmarks.Peers;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Networks;

namespace ReluFlow.Benchmarks;

/// <summary>SUNDIALS CVODE in its own process, which times itself.</summary>
internal sealed class CvodeContender(CvodeProgram program, string method, double tolerance) : IContender
{
    public string Method => $"CVODE {(method == "adams" ? "Adams" : "BDF, GMRES")}";

    public string Setting => Text.Setting(tolerance);

    public bool IsOurs => false;

    public Finish Follow(FlowProblem problem, TimeSpan limit)
    {
        string[] lines = program.Run(Request(problem), method, Number(tolerance), Number(limit.TotalSeconds)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] head = lines[0].Split(' ');
        double[] numbers = [.. head[1..].Select(Parse)];
        bool reached = head[0] == "reached";
        return new Finish(
            reached,
            reached ? "" : numbers[2] >= 0.99 * limit.TotalSeconds ? $"did not finish (t = {numbers[0]:G3})" : $"failed (t = {numbers[0]:G3})",
            new Cost(numbers[1], numbers[2]),
            $"{numbers[3]:N0} evaluations, {numbers[4]:N0} steps",
            NetworkOf(lines.AsSpan(1), problem.Training.Start),
            null);
    }

    private static string Request(FlowProblem problem)
    {
        Dataset data = problem.Training.Data;
        ReluNetwork start = problem.Training.Start;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{data.Samples} {data.InputDimension} {start.Width} {problem.Time:R}");
        AppendLine(text, data.Inputs.Values);
        AppendLine(text, data.Targets.Values);
        for (int j = 0; j < start.Width; j++)
        {
            AppendLine(text, [.. start.InputWeights.Row(j), start.OutputWeights[j, 0], start.LogScales[j]]);
        }

        return text.ToString();
    }

    private static ReluNetwork NetworkOf(ReadOnlySpan<string> rows, ReluNetwork start)
    {
        int d = start.InputDimension;
        var w = new double[start.Width * d];
        double[] a = new double[start.Width], logScales = new double[start.Width];
        for (int j = 0; j < start.Width; j++)
        {
            double[] row = [.. rows[j].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
            row.AsSpan(0, d).CopyTo(w.AsSpan(j * d));
            (a[j], logScales[j]) = (row[d], row[d + 1]);
        }

        return ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(start.Width, d, w), Matrix.TakeOwnership(start.Width, 1, a), logScales);
    }

    private static void AppendLine(StringBuilder text, ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            text.Append(Number(value)).Append(' ');
        }

        text.AppendLine();
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
