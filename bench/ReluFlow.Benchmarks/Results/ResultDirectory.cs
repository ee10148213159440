using System.Text;
using ReluFlow.Experiments;

namespace ReluFlow.Benchmarks.Results;

/// <summary>What a run leaves: NAME.json of every problem, descent.md, machine.md, and made of them table.md and the figures.</summary>
/// <param name="folder">The directory.</param>
internal sealed class ResultDirectory(string folder)
{
    private const string Table = "table.md";

    /// <summary>Where problems and results are exchanged with programs.</summary>
    public string Exchange => Path.Combine(folder, "exchange");

    /// <summary>Whether a problem has been measured by this plan.</summary>
    /// <exception cref="InputException">What is kept of it cannot be read.</exception>
    public bool Has(string problem, MeasurementPlan plan) => Has(problem) && ProblemResult.Read(PathOf(problem)).Plan == plan.Words;

    /// <summary>Keeps a problem's results.</summary>
    public void Keep(ProblemResult result) => result.Write(PathOf(result.Name));

    /// <summary>Whether the descents have been measured.</summary>
    public bool HasDescents => File.Exists(Path.Combine(folder, "descent.md"));

    /// <summary>Keeps the table of descents.</summary>
    public void KeepDescents(string markdown) => WriteText("descent.md", markdown);

    /// <summary>Keeps what is known of the machine.</summary>
    public void KeepMachine(string markdown) => WriteText("machine.md", markdown);

    /// <summary>Makes table.md and the figures of what there is, problems in the given order.</summary>
    /// <exception cref="InputException">Nothing has been measured, or a file cannot be read or written.</exception>
    public string WriteTables(IEnumerable<string> problems)
    {
        ProblemResult[] results = [.. problems.Where(Has).Select(name => ProblemResult.Read(PathOf(name)))];
        if (results.Length == 0)
        {
            throw new InputException($"{folder}: there are no results; run bench/peers/run first.");
        }

        foreach (ProblemResult result in results)
        {
            ResultFigures.Write(result, folder);
        }

        string markdown = $"{TextOf("machine.md")}\n{ResultTables.Write(results)}{TextOf("descent.md")}";
        WriteText(Table, markdown);
        return markdown;
    }

    private bool Has(string problem) => File.Exists(PathOf(problem));

    private string PathOf(string problem) => Path.Combine(folder, $"{problem}.json");

    private string TextOf(string name) => File.Exists(Path.Combine(folder, name)) ? File.ReadAllText(Path.Combine(folder, name)) : "";

    private void WriteText(string name, string text)
    {
        Directory.CreateDirectory(folder);
        WholeFile.Write(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }
}
