using System.Globalization;
using ReluFlow.Experiments.Specs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>The start of an infinitely wide network as a spec describes it: <c>network.width</c> nodes of the law of its scheme, <see cref="MeanFieldStart"/>.</summary>
internal static class QuadratureNodes
{
    private const int LeastSide = 3;

    /// <summary>The nodes.</summary>
    /// <exception cref="InputException">The data are not of a plane with one target, or the width is none that nodes come in.</exception>
    public static ReluNetwork Of(InitialSpec initial, int width, Dataset data)
    {
        if (data.InputDimension != 2 || data.OutputDimension != 1)
        {
            throw new InputException($"initial.neurons is quadrature, which is for two input coordinates, a bias counted, and one target; data set '{data.Name}' has {data.InputDimension} and {data.OutputDimension}.");
        }

        return initial.Scheme == InitialScheme.Balanced
            ? MeanFieldStart.Balanced(Side(width, "2 k", width / 2, k => 2L * k), data.HasBias, initial.Scale)
            : initial.Scheme == InitialScheme.Dominated
            ? MeanFieldStart.Dominated(SquareSide(width), initial.Scale)
            : MeanFieldStart.Unbalanced(2 * SquareSide(width), SquareSide(width), initial.Scale);
    }

    private static int SquareSide(int width) => Side(width, "2 k²", (int)Math.Sqrt(width / 2.0), k => 2L * k * k);

    // k of the width; the nearest widths are named where there is none.
    private static int Side(int width, string form, int below, Func<int, long> widthOf)
    {
        if (below >= LeastSide && widthOf(below) == width)
        {
            return below;
        }

        int least = Math.Max(LeastSide, below);
        throw new InputException(string.Create(CultureInfo.InvariantCulture, $"network.width is {width}; quadrature nodes of this scheme come in {form}, k ≥ {LeastSide}: {widthOf(least)} or {widthOf(least + 1)} is expected."));
    }
}
