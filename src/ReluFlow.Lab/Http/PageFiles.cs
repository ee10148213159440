using System.Reflection;

namespace ReluFlow.Lab.Http;

/// <summary>A file of the page.</summary>
/// <param name="ContentType">What it is.</param>
/// <param name="Bytes">Its content.</param>
internal sealed record PageFile(string ContentType, byte[] Bytes);

/// <summary>The files of the page that the build embedded, by their paths: a look-up by name, so that no path leads anywhere else.</summary>
internal static class PageFiles
{
    private const string Prefix = "page/", Index = "index.html", NotBuilt = "not-built.html", Html = "text/html; charset=utf-8";

    private static readonly Dictionary<string, string> s_contentTypes = new(StringComparer.Ordinal)
    {
        [".html"] = Html,
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".woff2"] = "font/woff2",
        [".json"] = "application/json",
    };

    private static readonly Dictionary<string, PageFile> s_files = Read();

    /// <summary>Whether there is a page: whether Node was there when this was built.</summary>
    public static bool IsBuilt { get; } = s_files.ContainsKey("/" + Index);

    /// <summary>The file of a path such as <c>/assets/main.js</c>; null where there is none.</summary>
    public static PageFile? Find(string path) => path == "/" ? s_files.GetValueOrDefault("/" + Index) ?? s_files["/" + NotBuilt] : s_files.GetValueOrDefault(path);

    private static Dictionary<string, PageFile> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            using var content = new MemoryStream();
            stream.CopyTo(content);
            string path = name[Prefix.Length..].Replace('\\', '/');
            files["/" + path] = new PageFile(s_contentTypes.GetValueOrDefault(Path.GetExtension(path), "application/octet-stream"), content.ToArray());
        }

        return files;
    }
}
