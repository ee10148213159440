using System.Reflection;

namespace ReluFlow.Experiments.Figures;

/// <summary>The bundles of the front end that the build embedded; none where it was built without Node.</summary>
internal static class ClientApp
{
    /// <summary>The script of a report.</summary>
    public const string ReportScript = "report.js";

    /// <summary>The style sheet of a report.</summary>
    public const string ReportStyle = "report.css";

    /// <summary>The script that draws figures in Node.</summary>
    public const string Renderer = "render.js";

    /// <summary>The text of a bundle; null where there is none.</summary>
    public static string? Read(string bundle)
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"client/{bundle}");
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
