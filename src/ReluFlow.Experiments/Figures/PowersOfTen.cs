using ReluFlow.Experiments.Figures.VegaLite;

namespace ReluFlow.Experiments.Figures;

/// <summary>An axis for decimal logarithms, labelled with powers of ten: so 1e-1000 has its place, which no double has.</summary>
internal static class PowersOfTen
{
    private const int MostTicks = 6, FewestTicks = 3;

    // Numbers between 1e-4 and 1e4 are written out.
    private const double FarthestPlain = 4;

    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private static readonly double[] s_digits = [0, Math.Log10(2), Math.Log10(5)];

    /// <summary>The channel of a field of decimal logarithms.</summary>
    /// <param name="field">The field.</param>
    /// <param name="title">The title of the axis.</param>
    /// <param name="low">The least logarithm.</param>
    /// <param name="high">The largest.</param>
    public static Channel Channel(string field, string title, double low, double high)
    {
        (double bottom, double top) = Range(low, high);
        (object[] values, string labels) = Ticks(bottom, top);
        return VegaLite.Channel.Quantity(field) with
        {
            Scale = Scale.Between(bottom, top),
            Axis = new Axis { Title = title, Values = values, LabelExpr = labels },
        };
    }

    /// <summary>The legend of colours over decimal logarithms.</summary>
    public static Legend Legend(string title, double low, double high)
    {
        (object[] values, string labels) = Ticks(low, high);
        return new Legend { Title = title, Values = values, LabelExpr = labels };
    }

    /// <summary>A number in words, right at any logarithm: 0.33, 1.2e-6.</summary>
    /// <param name="log10">The decimal logarithm; −∞ for 0.</param>
    public static string InWords(double log10)
    {
        if (double.IsNegativeInfinity(log10))
        {
            return "0";
        }

        if (log10 is >= -3 and < 4)
        {
            return Math.Pow(10, log10).ToString("G3", System.Globalization.CultureInfo.InvariantCulture);
        }

        double exponent = Math.Floor(log10);
        double mantissa = Math.Round(Math.Pow(10, log10 - exponent), 1);
        (mantissa, exponent) = mantissa >= 10 ? (1, exponent + 1) : (mantissa, exponent);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{mantissa:0.#}e{(int)exponent}");
    }

    // Two decades at least, so that there is more than one tick.
    private static (double Low, double High) Range(double low, double high)
    {
        double missing = Math.Max(0, 1 - (high - low)) / 2, margin = 0.02 * (high - low);
        return (low - missing - margin, high + missing + margin);
    }

    // Powers of ten; where there are fewer than three, twos and fives between them too.
    private static (object[] Values, string Labels) Ticks(double low, double high)
    {
        int[] exponents = [.. Exponents(low, high)];
        if (exponents.Length >= FewestTicks || Math.Max(Math.Abs(low), Math.Abs(high)) > FarthestPlain)
        {
            return ([.. exponents.Cast<object>()], Labels(exponents));
        }

        IEnumerable<double> between = Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high) - (int)Math.Floor(low) + 1).SelectMany(exponent => s_digits.Select(digit => exponent + digit));
        return ([.. between.Where(log10 => log10 >= low && log10 <= high).Cast<object>()], "format(pow(10, datum.value), ',.1~r')");
    }

    private static IEnumerable<int> Exponents(double low, double high)
    {
        int first = (int)Math.Ceiling(low), last = (int)Math.Floor(high);
        int step = RoundStep((double)(last - first) / MostTicks);
        for (int exponent = (int)(Math.Ceiling((double)first / step) * step); exponent <= last; exponent += step)
        {
            yield return exponent;
        }
    }

    // The least of 1, 2, 5, 10, 20, 50, … that is not below.
    private static int RoundStep(double least)
    {
        for (int decade = 1; ; decade *= 10)
        {
            foreach (int digit in (int[])[1, 2, 5])
            {
                if (digit * decade >= least)
                {
                    return digit * decade;
                }
            }
        }
    }

    private static string Labels(int[] exponents) => $"{{{string.Join(",", exponents.Select(exponent => $"'{exponent}':'{Label(exponent)}'"))}}}[datum.value]";

    private static string Label(int exponent) => exponent is 0 ? "1" : "10" + string.Concat(exponent.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(c => c == '-' ? '⁻' : Superscripts[c - '0']));
}
