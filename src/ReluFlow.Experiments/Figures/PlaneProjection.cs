using System.Globalization;
using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Experiments.Figures;

/// <summary>Neurons in a plane: the inputs' own where there are one or two coordinates, else the first two uncentred principal directions of the last weights. Source: [GF].</summary>
internal sealed class PlaneProjection
{
    private readonly Matrix? _directions;

    /// <summary>The plane of a run's last network. Cost O(m d min(m, d)).</summary>
    public PlaneProjection(ReluNetwork last)
    {
        if (last.InputDimension > 2)
        {
            var principal = PrincipalDirections.Of(last, count: 2);
            _directions = principal.Directions;
            ExplainedVariance = [.. principal.ExplainedVariance.Take(2)];
        }
    }

    /// <summary>The shares of Σ ‖w_j‖² along the two directions; null where the plane is the inputs' own.</summary>
    public IReadOnlyList<double>? ExplainedVariance { get; }

    /// <summary>What the plane is, in words.</summary>
    public string InWords => ExplainedVariance is [double first, double second]
        ? string.Create(CultureInfo.InvariantCulture, $"first two principal directions: {first:P1} + {second:P1} of Σ‖w‖²")
        : "w in the plane of the inputs";

    /// <summary>The largest log ‖w_j‖ (natural) of a network; −∞ where all are zero.</summary>
    public static double LargestLogNorm(ReluNetwork network) =>
        Enumerable.Range(0, network.Width).Max(j => network.LogScales[j] + Math.Log(TensorPrimitives.Norm(network.InputWeights.Row(j))));

    /// <summary>Where neuron j stands, in units of e^<paramref name="logUnit"/>.</summary>
    public (double X, double Y) Of(ReluNetwork network, int neuron, double logUnit)
    {
        ReadOnlySpan<double> w = network.InputWeights.Row(neuron);
        double scale = Math.Exp(network.LogScales[neuron] - logUnit);
        return _directions is null
            ? (scale * w[0], w.Length > 1 ? scale * w[1] : 0)
            : (scale * TensorPrimitives.Dot(w, _directions.Row(0)), _directions.Rows > 1 ? scale * TensorPrimitives.Dot(w, _directions.Row(1)) : 0);
    }
}
