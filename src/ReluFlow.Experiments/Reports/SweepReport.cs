using System.Text;
using ReluFlow.Experiments.Runs;
using ReluFlow.Experiments.Sweeps;

namespace ReluFlow.Experiments.Reports;

/// <summary>The report of a sweep: one HTML file that needs nothing else.</summary>
public static class SweepReport
{
    /// <summary>Collects what is done and writes the report into the sweep directory, in place of one that is there.</summary>
    /// <param name="sweep">The sweep; it need not have come to its end.</param>
    /// <param name="values">The columns of results that are shown; null for <see cref="SweepQuantities.Chosen"/>.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InputException">There is no such column, a run cannot be read, or the file not written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static string Write(SweepDirectory sweep, IReadOnlyList<string>? values = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        string path = sweep[RunDirectory.ReportFileName];
        byte[] page = Encoding.UTF8.GetBytes(Html(sweep, values, cancellation));
        WholeFile.Write(path, stream => stream.Write(page));
        return path;
    }

    /// <summary>The text of the report. The same runs and version give the same text.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static string Html(SweepDirectory sweep, IReadOnlyList<string>? values = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        var table = SweepTable.Collect(sweep, cancellation);
        return new SweepPage(new SweepResults(sweep, table, values, cancellation)).ToString();
    }
}
