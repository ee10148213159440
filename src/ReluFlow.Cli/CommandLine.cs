using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Cli;

/// <summary>The program's command line: verbs, and what is said of a line that cannot be understood.</summary>
internal static class CommandLine
{
    // Slips of the keyboard: more would guess at random among short verbs.
    private const int LargestSlip = 3;

    private const string Help = "--help";

    private static readonly (string Name, Func<Terminal, CancellationToken, Command> Create)[] s_verbs =
    [
        ("run", RunCommand.Create),
        ("reproduce", ReproduceCommand.Create),
        ("limit", LimitCommand.Create),
        ("min-norm", MinNormCommand.Create),
        ("race", RaceCommand.Create),
        ("reduce", ReduceCommand.Create),
        ("ticket", TicketCommand.Create),
        ("verify", VerifyCommand.Create),
        ("sweep", SweepCommand.Create),
        ("report", ReportCommand.Create),
        ("figure", FigureCommand.Create),
        ("serve", ServeCommand.Create),
    ];

    /// <summary>An argument that must not look like an option, so that a misspelt option is not taken for a file.</summary>
    public static Argument<T> NoOption<T>(Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
            {
                result.AddError($"'{option.Value}' is no option of this verb.");
            }
        });
        return argument;
    }

    /// <summary>The values that replace a spec's.</summary>
    public static Argument<string[]> Overrides(string remark = "") => NoOption(new Argument<string[]>("key=value")
    {
        Description = $"Values that replace the spec's, such as initial.scale=1e-20{remark}.",
        Arity = ArgumentArity.ZeroOrMore,
    });

    /// <summary>How many threads may work.</summary>
    public static Option<int> Threads()
    {
        var threads = new Option<int>("--threads") { Description = "The most threads that work on the run; 0, the default, takes all processors. Results do not depend on it.", HelpName = "N" };
        threads.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: string text }] || !int.TryParse(text, out int count) || count < 0)
            {
                result.AddError($"--threads is '{string.Join(' ', result.Tokens.Select(token => token.Value))}'; a whole number from 0 is expected.");
            }
        });
        return threads;
    }

    /// <summary>Runs one command line.</summary>
    /// <returns>An <see cref="ExitStatus"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation)
    {
        IReadOnlyList<string> asked = [.. (arguments is ["help", ..] ? [.. arguments.Skip(1), Help] : arguments).SelectMany(PassedOn)];
        RootCommand root = RootFor(asked, terminal, cancellation);
        ParseResult parsed = root.Parse(asked);

        // Help would be given even for a verb that there is not.
        bool isNoVerb = asked is [string first, ..] && !first.StartsWith('-') && root.Subcommands.All(command => command.Name != first);
        if (parsed.Errors.Count > 0 || isNoVerb)
        {
            terminal.Note($"reluflow: {Explain(root, parsed, asked)}");
            return ExitStatus.BadInput;
        }

        // Signals are this program's own affair, and only Program catches.
        return parsed.Invoke(new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    // A verb is made by code that no other needs: the one asked for alone, and all of them for help and to say what is no verb.
    private static RootCommand RootFor(IReadOnlyList<string> asked, Terminal terminal, CancellationToken cancellation)
    {
        var root = new RootCommand("A laboratory for the training dynamics of one-hidden-layer ReLU networks.");
        int only = asked is [string first, ..] ? Array.FindIndex(s_verbs, verb => verb.Name == first) : -1;
        foreach ((_, Func<Terminal, CancellationToken, Command> create) in only >= 0 ? [s_verbs[only]] : s_verbs)
        {
            root.Add(create(terminal, cancellation));
        }

        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction ofVerbs } help)
            {
                help.Action = new ProgramHelp(root, ofVerbs, terminal);
            }
        }

        return root;
    }

    // --slurm.key=value stands for an option of another program, whose options are not known here.
    private static string[] PassedOn(string argument) => argument.StartsWith("--slurm.", StringComparison.Ordinal) ? ["--slurm", argument["--slurm.".Length..]] : [argument];

    private static string Explain(RootCommand root, ParseResult parsed, IReadOnlyList<string> arguments)
    {
        if (parsed.CommandResult.Command != root)
        {
            string verb = VerbOf(parsed.CommandResult);
            return $"{verb}: {Explain(parsed)} See reluflow {verb} {Help}.";
        }

        string[] verbs = [.. root.Subcommands.Select(command => command.Name)];
        string known = $"verbs are {string.Join(", ", verbs)}; see reluflow {Help}.";
        if (arguments.Count == 0)
        {
            return $"a verb is expected; {known}";
        }

        string nearest = verbs.MinBy(verb => EditDistance.Between(verb, arguments[0]))!;
        string guess = EditDistance.Between(nearest, arguments[0]) <= LargestSlip ? $" did you mean '{nearest}'? The" : "";
        return $"'{arguments[0]}' is no verb;{guess} {known}";
    }

    // With the verb that it is a verb of: sweep status.
    private static string VerbOf(CommandResult command) => command.Parent is CommandResult { Parent: not null } outer ? $"{VerbOf(outer)} {command.Command.Name}" : command.Command.Name;

    // Errors of our own validators come as they are.
    private static string Explain(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 }) is { } missing
            ? $"{missing.Name} is missing. {missing.Description}"
            : parsed.Errors[0].Message;
}
