using System.Text;
using ReluFlow.Experiments.Runs;

namespace ReluFlow.Experiments.Reports;

/// <summary>The report of a run: one HTML file that needs nothing else.</summary>
public static class RunReport
{
    /// <summary>Writes the report into the run directory, in place of one that is there. It changes no other file.</summary>
    /// <param name="content">What it tells.</param>
    /// <returns>The file.</returns>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static string Write(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        string path = Path.Combine(content.Run.Directory, RunDirectory.ReportFileName);
        byte[] page = Encoding.UTF8.GetBytes(Html(content));
        WholeFile.Write(path, stream => stream.Write(page));
        return path;
    }

    /// <summary>The text of the report. The same run and version give the same text.</summary>
    public static string Html(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return new ReportPage(content).ToString();
    }
}
