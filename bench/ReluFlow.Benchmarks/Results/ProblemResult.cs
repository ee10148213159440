using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks.Results;

/// <summary>Everything measured on one problem: DIR/NAME.json, from which tables and figures are made.</summary>
/// <param name="Name">The problem.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Plan">Rounds and limit, in words.</param>
/// <param name="Reference">What its reference is and how far it is certain.</param>
/// <param name="Uncertainty">An error below this is not resolved.</param>
/// <param name="Rows">A row a contender and setting.</param>
/// <param name="Scales">What other starts cost.</param>
/// <param name="Notes">What did not run and why; what else was measured.</param>
internal sealed record ProblemResult(
    string Name, string Title, string Plan, IReadOnlyList<string> Reference, double Uncertainty, IReadOnlyList<ResultRow> Rows, IReadOnlyList<ScaleRow> Scales, IReadOnlyList<string> Notes)
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Reads what an earlier run left.</summary>
    /// <exception cref="InputException">It cannot be read.</exception>
    public static ProblemResult Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ProblemResult>(File.ReadAllBytes(path), s_json) ?? throw new InputException($"{path}: null; results are expected.");
        }
        catch (IOException error)
        {
            throw new InputException($"{path} cannot be read: {error.Message}", error);
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}, line {error.LineNumber + 1}: not results of this program: {error.Message}", error);
        }
    }

    /// <summary>Writes the file.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Write(string path) => WholeFile.Write(path, stream => JsonSerializer.Serialize(stream, this, s_json));
}

/// <summary>A contender at a setting.</summary>
/// <param name="Method">The method.</param>
/// <param name="Setting">Its tolerance or step.</param>
/// <param name="IsOurs">Whether it is ours and no peer.</param>
/// <param name="Reached">Whether it came to T.</param>
/// <param name="Outcome">One phrase where it did not.</param>
/// <param name="Departure">Where it ended, if far from the reference.</param>
/// <param name="Error">‖θ − θ*‖/‖θ*‖ at T.</param>
/// <param name="Runs">Runs that count.</param>
/// <param name="Processor">Processor time of the solve, s.</param>
/// <param name="Wall">Wall time of the solve, s.</param>
/// <param name="Process">Wall time of the whole process, s.</param>
/// <param name="Work">Counts of work.</param>
/// <param name="BalancednessDrift">Of ours.</param>
/// <param name="EnergyError">Of ours.</param>
internal sealed record ResultRow(
    string Method,
    string Setting,
    bool IsOurs,
    bool Reached,
    string Outcome,
    string? Departure,
    double Error,
    int Runs,
    Spread Processor,
    Spread Wall,
    Spread? Process,
    string Work,
    double? BalancednessDrift,
    double? EnergyError);

/// <summary>What a start of scale λ costs until the data are interpolated.</summary>
internal sealed record ScaleRow(string Scale, long Steps, long Rejected, long Sweeps, string End, double Processor);
