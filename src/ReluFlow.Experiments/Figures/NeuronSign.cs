using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>The classes of neurons that figures tell apart: by the sign of the outgoing weight, where there is one output.</summary>
internal static class NeuronSign
{
    private static readonly string[] s_colors = [Palette.Positive, Palette.Negative, Palette.Unsigned];

    private const string Positive = "a > 0", Negative = "a < 0", Zero = "a = 0", Several = "neuron";

    /// <summary>The class of a neuron.</summary>
    public static string Of(ReluNetwork network, int neuron) => network.OutputDimension > 1 ? Several
        : Math.Sign(network.OutputWeights[neuron, 0]) switch { > 0 => Positive, < 0 => Negative, _ => Zero };

    /// <summary>The classes that some neurons have at any time of a run: a sign can change, and then has its colour too.</summary>
    public static IReadOnlyList<string> At(IEnumerable<TrajectoryPoint> points, IReadOnlyList<int> neurons) =>
        Ordered(points.Select(point => point.Network).SelectMany(network => neurons.Select(j => Of(network, j))));

    /// <summary>Which of three a class is: a &gt; 0, a &lt; 0 or neither.</summary>
    public static int IndexOf(string sign) => sign switch { Positive => 0, Negative => 1, _ => 2 };

    /// <summary>Colour by class, with a legend of the classes that there are; none where there is only one kind of neuron.</summary>
    /// <param name="present">The classes, in any order.</param>
    /// <param name="title">The title of the legend; empty for none.</param>
    public static Channel Color(IEnumerable<string> present, string title = "")
    {
        string[] signs = Ordered(present);
        return Channel.Category("sign") with
        {
            Scale = new Scale { Domain = signs, Range = [.. signs.Select(sign => (object)s_colors[IndexOf(sign)])] },
            Legend = signs is [Several] ? Legend.None : new Legend { Orient = "top", SymbolType = "stroke", Title = title },
        };
    }

    /// <summary>Keys of lines in the colours of their classes, and in dashes for those who cannot tell the colours.</summary>
    /// <param name="present">The classes, in any order.</param>
    /// <param name="when">What follows the class: when it is so.</param>
    public static IEnumerable<LegendKey> Keys(IEnumerable<string> present, string when) => Ordered(present).Select(sign =>
        new LegendKey(sign, s_colors[IndexOf(sign)], Dash: DashOf(sign)) { Label = sign == Several ? sign : sign + when });

    /// <summary>Shape by class, for those who cannot tell the colours.</summary>
    public static Channel Shape(IEnumerable<string> present)
    {
        string[] signs = Ordered(present);
        return Channel.Category("sign") with
        {
            Scale = new Scale { Domain = signs, Range = [.. signs.Select(sign => sign switch { Positive => "circle", Negative => "diamond", _ => "square" })] },
            Legend = signs is [Several] ? Legend.None : new Legend { Orient = "top" },
        };
    }

    private static double[]? DashOf(string sign) => sign switch { Negative => [3, 2], Zero => [1, 2], _ => null };

    private static string[] Ordered(IEnumerable<string> present)
    {
        HashSet<string> there = [.. present];
        return [.. ((string[])[Positive, Negative, Zero, Several]).Where(there.Contains)];
    }
}
