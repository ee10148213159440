using System.Text;
using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks.Results;

/// <summary>The part of a document that is written by this program: between two comments.</summary>
internal static class MeasuredSection
{
    /// <summary>The comments.</summary>
    public const string Begin = "<!-- measured: begin -->", End = "<!-- measured: end -->";

    /// <summary>The document with another measured part.</summary>
    /// <exception cref="InputException">The comments are not there, each once and in order.</exception>
    public static string Replace(string document, string measured, string source)
    {
        int begin = document.IndexOf(Begin, StringComparison.Ordinal), end = document.IndexOf(End, StringComparison.Ordinal);
        return begin >= 0 && end > begin && document.LastIndexOf(Begin, StringComparison.Ordinal) == begin && document.LastIndexOf(End, StringComparison.Ordinal) == end
            ? $"{document[..(begin + Begin.Length)]}\n{measured.Trim()}\n{document[end..]}"
            : throw new InputException($"{source}: '{Begin}' and after it '{End}' are expected, each once.");
    }

    /// <summary>Replaces the measured part of a file.</summary>
    /// <exception cref="InputException">The file cannot be read or written, or has no such part.</exception>
    public static void ReplaceIn(string path, string measured)
    {
        string document = File.Exists(path) ? File.ReadAllText(path) : throw new InputException($"{path}: there is no such file.");
        byte[] bytes = Encoding.UTF8.GetBytes(Replace(document, measured, path));
        WholeFile.Write(path, stream => stream.Write(bytes));
    }
}
