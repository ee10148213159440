using System.Security.Cryptography;

namespace ReluFlow.Cli.Tests;

/// <summary>Every file of a run by its bytes, the clock's reading and the mark of the compiled library apart.</summary>
internal static class RunBits
{
    public static Dictionary<string, string> Of(string directory) => Directory.GetFiles(directory).ToDictionary(
        path => Path.GetFileName(path),
        path => path.EndsWith(".json", StringComparison.Ordinal)
            ? string.Join('\n', File.ReadLines(path).Where(line => !line.Contains("\"elapsed_seconds\":", StringComparison.Ordinal) && !line.Contains("\"build\":", StringComparison.Ordinal)))
            : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
}
