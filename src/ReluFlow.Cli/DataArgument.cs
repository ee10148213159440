using System.CommandLine;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Data;
using ReluFlow.Networks;

namespace ReluFlow.Cli;

/// <summary>The argument DATA of verbs that need no spec: a built-in name, or a file as in <c>data.path</c>, taken as it is.</summary>
internal static class DataArgument
{
    public static Argument<string> Create() => CommandLine.NoOption(new Argument<string>("DATA")
    {
        Description = $"A data file (npz, csv, IDX, CIFAR-10), taken as it is, or a built-in data set ({string.Join(", ", DataSource.BuiltinNames)}); built-in sets with one input get the bias they are used with. A file of a built-in name is ./NAME.",
    });

    public static Option<bool> Bias() => new("--bias") { Description = "Append the coordinate 1 to every input." };

    /// <summary>The data set of an argument. What the papers do with one input they do with a bias: without it f is linear on either side of 0.</summary>
    /// <exception cref="InputException">It is neither a built-in name nor a file that can be read.</exception>
    public static Dataset Load(string argument, bool bias, CancellationToken cancellation)
    {
        bool builtin = DataSource.BuiltinNames.Contains(argument);
        if (!builtin && !File.Exists(argument))
        {
            throw new InputException($"{argument}: neither a file nor a built-in data set; expected a data file or one of {string.Join(", ", DataSource.BuiltinNames)}.");
        }

        var request = new DataSpec { Source = builtin ? "builtin" : "file", Name = builtin ? argument : null, Path = builtin ? null : argument };
        Dataset data = DataSource.Load(request, cancellation).Training;
        return bias || (builtin && data.InputDimension == 1) ? data.WithBias() : data;
    }
}
