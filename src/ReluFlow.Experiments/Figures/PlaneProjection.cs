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
        ? string.Create(CultureInfo.InvariantCulture, $"angle in two principal directions, {first:P1} + {second:P1} of Σ‖w‖²; radius ‖w‖")
        : "w in the plane of the inputs";

    /// <summary>ln ‖w_j‖ of the true weights; −∞ for 0.</summary>
    public static double LogNorm(ReluNetwork network, int neuron) => network.LogScales[neuron] + Math.Log(TensorPrimitives.Norm(network.InputWeights.Row(neuron)));

    /// <summary>The largest ln ‖w_j‖ of a network; −∞ where all are zero.</summary>
    public static double LargestLogNorm(ReluNetwork network) => Enumerable.Range(0, network.Width).Max(j => LogNorm(network, j));

    /// <summary>The angle of neuron j's projection in radians, however small its weights are; NaN where the projection is zero.</summary>
    public double AngleOf(ReluNetwork network, int neuron)
    {
        ReadOnlySpan<double> w = network.InputWeights.Row(neuron);
        (double x, double y) = _directions is null
            ? (w[0], w.Length > 1 ? w[1] : 0)
            : (TensorPrimitives.Dot(w, _directions.Row(0)), _directions.Rows > 1 ? TensorPrimitives.Dot(w, _directions.Row(1)) : 0);
        return x == 0 && y == 0 ? double.NaN : Math.Atan2(y, x);
    }

    /// <summary>Where neuron j stands: at the angle of its projection, as far from the middle as its whole norm, in units of e^<paramref name="logUnit"/>; in the middle without an angle.</summary>
    public (double X, double Y) Of(ReluNetwork network, int neuron, double logUnit)
    {
        double angle = AngleOf(network, neuron), radius = Math.Exp(LogNorm(network, neuron) - logUnit);
        return double.IsNaN(angle) ? (0, 0) : (radius * Math.Cos(angle), radius * Math.Sin(angle));
    }
}
