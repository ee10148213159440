using ReluFlow.Experiments.Figures.VegaLite;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Figures;

/// <summary>The classes of neurons that figures tell apart: by the sign of the outgoing weight, where there is one output.</summary>
internal static class NeuronSign
{
    private const string Positive = "a > 0", Negative = "a < 0", Zero = "a = 0", Several = "neuron";

    /// <summary>The class of a neuron.</summary>
    public static string Of(ReluNetwork network, int neuron) => network.OutputDimension > 1 ? Several
        : Math.Sign(network.OutputWeights[neuron, 0]) switch { > 0 => Positive, < 0 => Negative, _ => Zero };

    /// <summary>The colour of a class.</summary>
    public static string ColorOf(string sign) => sign switch { Positive => Palette.Positive, Negative => Palette.Negative, _ => Palette.Unsigned };

    /// <summary>Colour by class, with a legend of the classes that there are; none where there is only one kind of neuron.</summary>
    public static Channel Color(IEnumerable<string> present)
    {
        string[] signs = Ordered(present);
        return Channel.Category("sign") with
        {
            Scale = new Scale { Domain = signs, Range = [.. signs.Select(ColorOf)] },
            Legend = signs is [Several] ? Legend.None : new Legend { Orient = "top", SymbolType = "stroke" },
        };
    }

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

    private static string[] Ordered(IEnumerable<string> present)
    {
        HashSet<string> there = [.. present];
        return [.. ((string[])[Positive, Negative, Zero, Several]).Where(there.Contains)];
    }
}
