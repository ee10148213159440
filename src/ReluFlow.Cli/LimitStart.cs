using System.Globalization;
using ReluFlow.Experiments;
using ReluFlow.Networks;

namespace ReluFlow.Cli;

/// <summary>The start that <c>limit</c> draws, in units of λ.</summary>
internal sealed record LimitStart(int Width, ulong Seed, string Scheme)
{
    /// <exception cref="InputException">An option does not say what it should.</exception>
    public static LimitStart Read(string width, string seed, string scheme, IReadOnlyList<string> schemes) =>
        !int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int m) || m < 1
            ? throw new InputException($"--width is '{width}'; a whole number from 1 is expected.")
            : !ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong s)
            ? throw new InputException($"--seed is '{seed}'; a whole number from 0 is expected.")
            : !schemes.Contains(scheme)
            ? throw new InputException($"--scheme is '{scheme}'; expected one of {string.Join(", ", schemes)}.")
            : new LimitStart(m, s, scheme);

    /// <exception cref="InputException">There is no room for so many neurons.</exception>
    public ReluNetwork Draw(Dataset data, CancellationToken cancellation)
    {
        long numbers = (long)Width * (data.InputDimension + data.Samples);
        if (numbers > Array.MaxLength)
        {
            throw new InputException(FormattableString.Invariant($"--width is {Width}; with {data.Samples} samples of {data.InputDimension} coordinates that takes {numbers} numbers, and at most {Array.MaxLength} are expected."));
        }

        int d = data.InputDimension - (data.HasBias ? 1 : 0);
        Func<int, int, bool, LogNumber, ulong, int, CancellationToken, ReluNetwork> draw = Scheme switch
        {
            "unbalanced" => Initialization.Unbalanced,
            "dominated" => Initialization.Dominated,
            _ => Initialization.Balanced,
        };
        return draw(Width, d, data.HasBias, new LogNumber(0), Seed, 1, cancellation);
    }
}
