using ReluFlow.Experiments.Specs;
using YamlDotNet.RepresentationModel;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>YAML nodes on one line: what an override, an identifier or a message takes.</summary>
internal static class FlowText
{
    public static string Of(YamlNode node) => node switch
    {
        YamlSequenceNode list => SpecWriter.Sequence(list.Children.Select(Of)),
        YamlMappingNode mapping => $"{{{string.Join(", ", mapping.Children.Select(pair => $"{Of(pair.Key)}: {Of(pair.Value)}"))}}}",
        YamlScalarNode { Value: ['-', >= '0' and <= '9', ..] number } when number.AsSpan(1).IndexOfAnyExceptInRange('+', '9') < 0 && !number.Contains(',', StringComparison.Ordinal) => number,
        YamlScalarNode scalar => SpecWriter.Quoted(scalar.Value ?? ""),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.NodeType, "A scalar, a list or a mapping is expected."),
    };
}
