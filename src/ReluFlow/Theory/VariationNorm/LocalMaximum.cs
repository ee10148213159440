using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>Local maxima of |φ_μ|, by ascent through the faces of the arrangement from many directions: no proof that none is larger.</summary>
/// <remarks>The directions are the inputs, their opposites, random ones and where the ascents before have ended; the same data give the same search.</remarks>
internal sealed class LocalMaximum : IMaximum
{
    // Any fixed seed does.
    private const ulong Seed = 1;

    // Below it a step has no length and a direction lies on a hyperplane.
    private const double Rounding = 1e-12;

    // What is left of a unit vector in a span where its complement is taken out.
    private const double InSpan = 1e-6;

    private readonly double[][] _rays;
    private readonly List<double[]> _starts;
    private readonly CancellationToken _cancellation;

    public LocalMaximum(double[][] rays, CancellationToken cancellation)
    {
        _rays = rays;
        _cancellation = cancellation;
        var stream = new RandomStream(Seed);
        int r = rays[0].Length;
        _starts = [.. rays, .. rays.Select(Opposite)];
        for (int i = 0; i < rays.Length; i++)
        {
            var u = new double[r];
            for (int a = 0; a < r; a++)
            {
                u[a] = stream.NextNormal();
            }

            TensorPrimitives.Divide(u, TensorPrimitives.Norm<double>(u), u);
            _starts.Add(u);
        }

        FirstAtoms = [.. _starts.Select(u => Atom.At(u, FaceOf(new SignVector(SignsOf(u))), rays))];
    }

    public IReadOnlyList<Atom> FirstAtoms { get; }

    /// <summary>Cost O(n r) a step of an ascent, some n steps each.</summary>
    public (double Value, IReadOnlyList<Atom> Above) Find(double[] multipliers, double level)
    {
        var found = new Dictionary<SignVector, (double Value, double[] Direction)>();
        foreach (double[] start in _starts)
        {
            _cancellation.ThrowIfCancellationRequested();
            foreach (int sign in (int[])[1, -1])
            {
                (double[] u, SignVector signs) = Ascend(start, sign, multipliers);
                double value = sign * Atom.At(u, new Face(signs, []), _rays).Correlation(multipliers);
                if (!found.TryGetValue(signs, out (double Value, double[]) known) || value > known.Value)
                {
                    found[signs] = (value, u);
                }
            }
        }

        KeyValuePair<SignVector, (double Value, double[] Direction)>[] ordered = [.. found.OrderByDescending(maximum => maximum.Value.Value)];
        Atom[] above = [.. ordered.Where(maximum => maximum.Value.Value > level).Select(maximum => Atom.At(maximum.Value.Direction, FaceOf(maximum.Key), _rays))];
        _starts.RemoveRange(FirstAtoms.Count, _starts.Count - FirstAtoms.Count);
        _starts.AddRange(ordered.Take(FirstAtoms.Count).Select(maximum => maximum.Value.Direction));
        return (ordered[0].Value.Value, above);
    }

    private static double[] Opposite(double[] u) => [.. u.Select(coordinate => -coordinate)];

    // Straight towards the maximiser of the present face's linear function, to the first hyperplane: across it where the function goes on growing, else along it.
    private (double[] Direction, SignVector Signs) Ascend(double[] start, int sign, double[] multipliers)
    {
        double[] u = start;
        sbyte[] signs = SignsOf(u);
        var held = new List<double[]>();
        for (int step = 0; step < 4 * _rays.Length && held.Count < u.Length - 1; step++)
        {
            double[] goal = Goal(signs, held, sign, multipliers);
            if (goal.Length == 0 || FirstCrossing(u, goal, signs) is not (int crossed, double part))
            {
                return (goal.Length == 0 ? u : goal, new SignVector(signs));
            }

            var next = new double[u.Length];
            TensorPrimitives.Subtract(goal, u, next);
            TensorPrimitives.MultiplyAdd(next, part, u, next);
            TensorPrimitives.Divide(next, TensorPrimitives.Norm<double>(next), next);
            u = next;
            signs[crossed] = (sbyte)-signs[crossed];
            double[] further = Goal(signs, held, sign, multipliers);
            if (further.Length == 0 || signs[crossed] * TensorPrimitives.Dot<double>(further, _rays[crossed]) <= 0)
            {
                signs[crossed] = 0;
                Hold(held, _rays[crossed]);
            }
        }

        return (u, new SignVector(signs));
    }

    private static void Hold(List<double[]> held, double[] normal)
    {
        double[] rest = normal.ToArray();
        OrthonormalBasis.RemoveSpan(held, rest);
        double norm = TensorPrimitives.Norm<double>(rest);
        if (norm > Rounding)
        {
            TensorPrimitives.Divide(rest, norm, rest);
            OrthonormalBasis.RemoveSpan(held, rest);
            TensorPrimitives.Divide(rest, TensorPrimitives.Norm<double>(rest), rest);
            held.Add(rest);
        }
    }

    // The unit vector along the gradient on the face, orthogonal to the normals held; empty where that is zero.
    private double[] Goal(sbyte[] signs, List<double[]> held, int sign, double[] multipliers)
    {
        var goal = new double[_rays[0].Length];
        for (int k = 0; k < _rays.Length; k++)
        {
            if (signs[k] > 0)
            {
                TensorPrimitives.MultiplyAdd(_rays[k], sign * multipliers[k], goal, goal);
            }
        }

        OrthonormalBasis.RemoveSpan(held, goal);
        double norm = TensorPrimitives.Norm<double>(goal);
        if (norm <= Rounding)
        {
            return [];
        }

        TensorPrimitives.Divide(goal, norm, goal);
        return goal;
    }

    private (int Ray, double Part)? FirstCrossing(double[] u, double[] goal, sbyte[] signs)
    {
        (int Ray, double Part)? first = null;
        for (int k = 0; k < _rays.Length; k++)
        {
            double end = signs[k] * TensorPrimitives.Dot<double>(goal, _rays[k]);
            if (signs[k] == 0 || end >= 0)
            {
                continue;
            }

            double begin = Math.Max(0, signs[k] * TensorPrimitives.Dot<double>(u, _rays[k]));
            double part = begin / (begin - end);
            first = first is null || part < first.Value.Part ? (k, part) : first;
        }

        return first;
    }

    private sbyte[] SignsOf(double[] u) => [.. _rays.Select(ray => TensorPrimitives.Dot<double>(ray, u) > 0 ? (sbyte)1 : (sbyte)-1)];

    private Face FaceOf(SignVector signs)
    {
        var held = new List<double[]>();
        for (int k = 0; k < _rays.Length; k++)
        {
            if (signs[k] == 0)
            {
                Hold(held, _rays[k]);
            }
        }

        int r = _rays[0].Length;
        double[][] rest = [.. Enumerable.Range(0, r).Select(i => Enumerable.Range(0, r).Select(a => a == i ? 1.0 : 0.0).ToArray())];
        foreach (double[] unit in rest)
        {
            OrthonormalBasis.RemoveSpan(held, unit);
        }

        return new Face(signs, [.. OrthonormalBasis.Of(rest, InSpan).Take(r - held.Count)]);
    }
}
