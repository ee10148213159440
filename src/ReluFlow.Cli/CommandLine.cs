using System.CommandLine;
using ReluFlow.Experiments.Specs;

namespace ReluFlow.Cli;

/// <summary>The program's command line: verbs, and what is said of a line that cannot be understood.</summary>
internal static class CommandLine
{
    // Slips of the keyboard: more would guess at random among short verbs.
    private const int LargestSlip = 3;

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

    /// <summary>Runs one command line.</summary>
    /// <returns>An <see cref="ExitStatus"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellation)
    {
        var root = new RootCommand("A laboratory for the training dynamics of one-hidden-layer ReLU networks.")
        {
            RunCommand.Create(terminal, cancellation),
            ReproduceCommand.Create(terminal, cancellation),
        };
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            terminal.Note($"reluflow: {Explain(root, parsed, arguments)}");
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

    private static string Explain(RootCommand root, ParseResult parsed, IReadOnlyList<string> arguments)
    {
        if (parsed.CommandResult.Command != root)
        {
            return $"{parsed.CommandResult.Command.Name}: {parsed.Errors[0].Message} See reluflow {parsed.CommandResult.Command.Name} --help.";
        }

        string[] verbs = [.. root.Subcommands.Select(command => command.Name)];
        string known = $"verbs are {string.Join(", ", verbs)}; see reluflow --help.";
        if (arguments.Count == 0)
        {
            return $"a verb is expected; {known}";
        }

        string nearest = verbs.MinBy(verb => EditDistance.Between(verb, arguments[0]))!;
        string guess = EditDistance.Between(nearest, arguments[0]) <= LargestSlip ? $" did you mean '{nearest}'? The" : "";
        return $"'{arguments[0]}' is no verb;{guess} {known}";
    }
}
