using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace ReluFlow.Cli;

/// <summary>The help of the program itself; a verb's is the library's.</summary>
/// <remarks>The library's would compile seventy methods while it runs: a third of the whole process's time.</remarks>
internal sealed class ProgramHelp(RootCommand root, HelpAction ofVerbs, Terminal terminal) : SynchronousCommandLineAction
{
    private const string Indent = "  ";

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        if (parseResult.CommandResult.Command != root)
        {
            return ofVerbs.Invoke(parseResult);
        }

        terminal.Line("Description:");
        terminal.Line(Indent + root.Description);
        terminal.Line();
        terminal.Line("Usage:");
        terminal.Line($"{Indent}{root.Name} [command] [options]");
        terminal.Line();
        terminal.Line("Options:");
        WriteColumns([.. root.Options.Select(NamesOf)], [.. root.Options.Select(option => option.Description ?? "")]);
        terminal.Line();
        terminal.Line("Commands:");
        WriteColumns([.. root.Subcommands.Select(UsageOf)], [.. root.Subcommands.Select(command => command.Description ?? "")]);
        terminal.Line();
        return ExitStatus.Done;
    }

    // Names in one column, what they are in another, broken between words where the terminal ends.
    private void WriteColumns(string[] names, string[] texts)
    {
        int column = 0;
        foreach (string name in names)
        {
            column = Math.Max(column, name.Length + (2 * Indent.Length));
        }

        for (int i = 0; i < names.Length; i++)
        {
            string line = (Indent + names[i]).PadRight(column);
            int start = line.Length;
            foreach (string word in texts[i].Split(' '))
            {
                if (line.Length > start && line.Length + word.Length >= terminal.Width)
                {
                    terminal.Line(line.TrimEnd());
                    line = new string(' ', column);
                }

                line += $"{word} ";
            }

            terminal.Line(line.TrimEnd());
        }
    }

    private static string NamesOf(Option option)
    {
        // Short names first; /? and /h are for a shell that is not in use here.
        List<string> names = [.. option.Aliases.Where(alias => alias.StartsWith('-')), option.Name];
        names.Sort((x, y) => x.Length != y.Length ? x.Length.CompareTo(y.Length) : string.CompareOrdinal(x, y));
        return string.Join(", ", names);
    }

    private static string UsageOf(Command command)
    {
        string usage = command.Name;
        foreach (Argument argument in command.Arguments)
        {
            usage += $" <{argument.Name}>";
        }

        return usage;
    }
}
