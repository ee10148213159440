using System.Text.Encodings.Web;
using System.Text.Json;
using ReluFlow.Benchmarks.Problems;
using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks.References;

/// <summary>A flow as several methods have it at several times: bench/references/NAME.json.</summary>
/// <param name="Problem">The problem's name.</param>
/// <param name="Title">The problem in words.</param>
/// <param name="Convention">Which solution is meant where the right side jumps.</param>
/// <param name="Times">Times of all values; the last is T.</param>
/// <param name="InitialLoss">L(0), the unit of differences between losses.</param>
/// <param name="Solutions">The methods, the reference first.</param>
/// <param name="Agreements">How far each of the others agrees with it.</param>
internal sealed record ReferenceFile(
    string Problem, string Title, string Convention, IReadOnlyList<double> Times, double InitialLoss, IReadOnlyList<ReferenceSolution> Solutions, IReadOnlyList<Agreement> Agreements)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What the errors of others are measured from.</summary>
    public ReferenceSolution Reference => Solutions[0];

    /// <summary>The largest distance to a method whose own error is not what is seen: smaller errors are not resolved.</summary>
    public double Uncertainty => Agreements.Where(agreement => agreement.Kind is AgreementKind.OtherOrder or AgreementKind.Independent).Max(agreement => agreement.Distance);

    /// <summary>The file of a problem beside this program.</summary>
    public static string PathOf(FlowProblem problem) => Path.Combine(AppContext.BaseDirectory, "references", $"{problem.Name}.json");

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">There is none, or it is no reference.</exception>
    public static ReferenceFile Read(string path)
    {
        try
        {
            ReferenceFile file = JsonSerializer.Deserialize<ReferenceFile>(File.ReadAllBytes(path), s_json) ?? throw new InputException($"{path}: null; a reference is expected.");
            return file.Solutions is { Count: > 1 } && file.Agreements?.Count == file.Solutions.Count - 1 && file.Solutions.All(solution => solution.Losses.Count == file.Times.Count)
                ? file
                : throw new InputException($"{path}: at least two solutions, an agreement for each but the first and a value for each time are expected.");
        }
        catch (IOException error)
        {
            throw new InputException($"{path} cannot be read: {error.Message}", error);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}, line {error.LineNumber + 1}: not a reference: {error.Message}", error);
        }
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(string path) => WholeFile.Write(path, stream =>
    {
        JsonSerializer.Serialize(stream, this, s_json);
        stream.WriteByte((byte)'\n');
    });
}
