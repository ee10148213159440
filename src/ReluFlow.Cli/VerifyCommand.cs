using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Verification;

namespace ReluFlow.Cli;

/// <summary><c>verify [CLAIM|--all|--list] [--trials N] [--seed S] [--out DIR] [--json] [--threads N]</c>: checks statements of the theory on random instances.</summary>
internal static class VerifyCommand
{
    private const int MostTrials = 1_000_000;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var name = CommandLine.NoOption(new Argument<string?>("CLAIM") { Description = "A claim.", Arity = ArgumentArity.ZeroOrOne });
        var all = new Option<bool>("--all") { Description = "Every claim." };
        var list = new Option<bool>("--list") { Description = "Name the claims." };
        var trials = new Option<string>("--trials") { Description = "Random instances of each claim (default 20).", HelpName = "N", DefaultValueFactory = _ => "20" };
        var seed = new Option<string>("--seed") { Description = "The seed of the instances (default 1).", HelpName = "S", DefaultValueFactory = _ => "1" };
        var output = new Option<string?>("--out") { Description = "Where the smallest instance that speaks against a claim is written, with --all a folder of such (default runs/verify-CLAIM-SEED-TRIAL).", HelpName = "DIR" };
        var json = new Option<bool>("--json") { Description = "Print the verdicts as JSON, alone on standard output." };
        Option<int> threads = CommandLine.Threads();
        var command = new Command("verify", "Draw random instances and check statements of the theory on them.") { name, all, list, trials, seed, output, json, threads };
        command.SetAction(arguments =>
        {
            string? chosen = arguments.GetValue(name);
            bool everything = arguments.GetValue(all), listing = arguments.GetValue(list), asJson = arguments.GetValue(json);
            if ((chosen is null ? 0 : 1) + (everything ? 1 : 0) + (listing ? 1 : 0) != 1)
            {
                throw new InputException("verify needs one of CLAIM, --all and --list; see reluflow verify --help.");
            }

            if (listing)
            {
                List(terminal, asJson);
                return ExitStatus.Done;
            }

            var asked = new Request(Trials(arguments.GetRequiredValue(trials)), Seed(arguments.GetRequiredValue(seed)), arguments.GetValue(threads), arguments.GetValue(output), asJson);
            return Verify(terminal, chosen is null ? ClaimRegistry.Claims : [ClaimRegistry.Find(chosen)], asked, cancellation);
        });
        return command;
    }

    /// <summary>Verifies claims and shows the verdicts; <see cref="ExitStatus.CheckFailed"/> where one does not hold.</summary>
    internal static int Verify(Terminal terminal, IReadOnlyList<Claim> claims, Request asked, CancellationToken cancellation)
    {
        List<ClaimVerdict> verdicts = Run(terminal, claims, asked, cancellation);
        string?[] failing = [.. verdicts.Select(verdict => WriteFailing(verdict, claims.Count > 1, asked.Output))];
        if (asked.Json)
        {
            JsonNode[] documents = [.. verdicts.Zip(failing, VerifyView.ToJson)];
            terminal.Output.WriteLine(new JsonArray(documents).ToJsonString(s_json).ReplaceLineEndings("\n"));
        }
        else
        {
            VerifyView.Show(terminal, verdicts);
        }

        foreach ((ClaimVerdict verdict, string? spec) in verdicts.Zip(failing).Where(pair => !pair.First.Holds))
        {
            terminal.Note(Explain(verdict, spec));
        }

        if (verdicts.Count < claims.Count)
        {
            terminal.Note($"reluflow: interrupted: {verdicts.Count} of {claims.Count} claims were checked");
            return ExitStatus.Interrupted;
        }

        return verdicts.All(verdict => verdict.Holds) ? ExitStatus.Done : ExitStatus.CheckFailed;
    }

    private static List<ClaimVerdict> Run(Terminal terminal, IReadOnlyList<Claim> claims, Request asked, CancellationToken cancellation)
    {
        var verdicts = new List<ClaimVerdict>();
        var progress = new VerifyProgress(terminal, claims.Count, asked.Trials);
        try
        {
            foreach (Claim claim in claims)
            {
                progress.Begin(claim.Name);
                verdicts.Add(ClaimTrials.Run(claim, asked.Trials, asked.Seed, asked.Threads, progress.Finished, cancellation));
            }
        }
        catch (OperationCanceledException) when (verdicts.Count > 0)
        {
            // The claims that were checked stand.
        }
        finally
        {
            progress.Clear();
        }

        return verdicts;
    }

    private static string? WriteFailing(ClaimVerdict verdict, bool several, string? output)
    {
        if (verdict.SmallestFailure is not { } trial)
        {
            return null;
        }

        string own = string.Create(CultureInfo.InvariantCulture, $"verify-{verdict.Claim.Name}-{verdict.Seed}-{trial}");
        string directory = output is null ? Path.Combine("runs", own) : several ? Path.Combine(output, own) : output;
        return InstanceDirectory.Write(verdict.Trials[trial].Instance, own, directory);
    }

    private static string Explain(ClaimVerdict verdict, string? spec)
    {
        if (verdict.SmallestFailure is not { } trial)
        {
            return $"reluflow: verify {verdict.Claim.Name}: none of {verdict.Trials.Count} instances meets the assumptions, so nothing was checked; more --trials are expected";
        }

        Trial worst = verdict.Trials[trial];
        string what = string.Join(", ", verdict.Quantities.Zip(worst.Deviations).Where(pair => !pair.First.Holds)
            .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.First.Quantity.Name} is {pair.Second:G6}; {pair.First.Quantity.InWords} is expected")));
        string remark = worst.Remark is { } said ? $" ({said})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"reluflow: verify {verdict.Claim.Name}: trial {trial} of seed {verdict.Seed}, n = {worst.Instance.Data.Samples}, m = {worst.Instance.Start.Width}: {what}{remark}; reluflow run {spec}");
    }

    private static void List(Terminal terminal, bool json)
    {
        if (json)
        {
            terminal.Output.WriteLine(new JsonArray([.. ClaimRegistry.Claims.Select(claim => JsonValue.Create(claim.Name))]).ToJsonString());
            return;
        }

        int width = ClaimRegistry.Claims.Max(claim => claim.Name.Length);
        foreach (Claim claim in ClaimRegistry.Claims)
        {
            terminal.Line($"{claim.Name.PadRight(width)}  {claim.Statement}");
        }
    }

    private static int Trials(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int trials) && trials is >= 1 and <= MostTrials
        ? trials
        : throw new InputException(string.Create(CultureInfo.InvariantCulture, $"--trials is '{text}'; a whole number from 1 to {MostTrials} is expected."));

    private static ulong Seed(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
        ? seed
        : throw new InputException($"--seed is '{text}'; a whole number from 0 is expected.");

    /// <summary>What was asked for besides the claims.</summary>
    internal sealed record Request(int Trials, ulong Seed, int Threads, string? Output, bool Json);
}
