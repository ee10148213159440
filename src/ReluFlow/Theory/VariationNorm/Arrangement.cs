using System.Numerics.Tensors;

namespace ReluFlow.Theory.VariationNorm;

/// <summary>All faces of the arrangement of the hyperplanes ⟨u, x_k⟩ = 0 in R^r, for unit vectors x_k that span R^r.</summary>
/// <remarks>
/// By recursion over flats: the faces that span a subspace are the two sides of the faces that span its intersection with one hyperplane. Signs of
/// a side are those of the facet where they are not 0 and those of ±x_k elsewhere, so no point has to be put inside a face.
/// </remarks>
internal sealed class Arrangement
{
    // A unit vector with a smaller projection is orthogonal to a subspace; the rounding of a few projections.
    private const double Orthogonal = 1e-12;

    private readonly double[][] _normals;
    private readonly Dictionary<SignVector, List<Face>> _flats = [];
    private readonly CancellationToken _cancellation;

    private Arrangement(double[][] normals, CancellationToken cancellation)
    {
        _normals = normals;
        _cancellation = cancellation;
    }

    /// <summary>The faces of full dimension.</summary>
    public IReadOnlyList<Face> Cells { get; private set; } = [];

    /// <summary>The faces of every dimension from 1 to r.</summary>
    public IReadOnlyList<Face> Faces { get; private set; } = [];

    /// <summary>Enumerates. Cost O(n^r) faces visited at O(n) each.</summary>
    /// <param name="normals">n unit vectors of length r that span R^r.</param>
    /// <param name="cancellation">Ends the enumeration early.</param>
    public static Arrangement Of(double[][] normals, CancellationToken cancellation)
    {
        var arrangement = new Arrangement(normals, cancellation);
        int r = normals[0].Length;
        double[][] whole = [.. Enumerable.Range(0, r).Select(i => Unit(r, i))];
        arrangement.Cells = arrangement.FacesOf(whole);
        arrangement.Faces = [.. arrangement._flats.Values.SelectMany(faces => faces).Where(face => face.Basis.Length > 0)];
        return arrangement;
    }

    /// <summary>2 Σ_{i&lt;r} C(n−1, i), the most cells that n hyperplanes through 0 cut R^r into.</summary>
    public static double MostCells(int hyperplanes, int rank)
    {
        double sum = 0, binomial = 1;
        for (int i = 0; i < rank; i++)
        {
            sum += binomial;
            binomial *= (double)Math.Max(0, hyperplanes - 1 - i) / (i + 1);
        }

        return 2 * sum;
    }

    private static double[] Unit(int dimension, int index)
    {
        var unit = new double[dimension];
        unit[index] = 1;
        return unit;
    }

    private List<Face> FacesOf(double[][] basis)
    {
        _cancellation.ThrowIfCancellationRequested();
        double[][] projections = [.. _normals.Select(normal => OrthonormalBasis.Combine(basis, OrthonormalBasis.Coordinates(basis, normal), normal.Length))];
        var isCut = Array.ConvertAll(projections, projection => (sbyte)(TensorPrimitives.Norm<double>(projection) > Orthogonal ? 1 : 0));
        var flat = new SignVector(isCut);
        if (_flats.TryGetValue(flat, out List<Face>? known))
        {
            return known;
        }

        List<Face> faces = basis.Length == 0
            ? [new Face(new SignVector(new sbyte[_normals.Length]), basis)]
            : SidesOfFacets(basis, projections, flat);
        _flats.Add(flat, faces);
        return faces;
    }

    private List<Face> SidesOfFacets(double[][] basis, double[][] projections, SignVector isCut)
    {
        var found = new HashSet<SignVector>();
        var isDone = new bool[_normals.Length];
        for (int k = 0; k < _normals.Length; k++)
        {
            if (isCut[k] == 0 || isDone[k])
            {
                continue;
            }

            var across = new double[projections[k].Length];
            TensorPrimitives.Divide(projections[k], TensorPrimitives.Norm<double>(projections[k]), across);
            List<Face> facets = FacesOf(OrthonormalBasis.Orthogonal(basis, across));
            for (int l = k; l < _normals.Length; l++)
            {
                // Vectors whose projections are parallel share a hyperplane.
                isDone[l] |= isCut[l] != 0 && facets[0].Signs[l] == 0;
            }

            var back = new double[across.Length];
            TensorPrimitives.Negate(across, back);
            foreach (Face facet in facets)
            {
                found.Add(SideOf(facet, across, projections, isCut));
                found.Add(SideOf(facet, back, projections, isCut));
            }
        }

        return [.. found.Select(signs => new Face(signs, basis))];
    }

    private static SignVector SideOf(Face facet, double[] across, double[][] projections, SignVector isCut)
    {
        sbyte[] signs = facet.Signs.Signs.ToArray();
        for (int l = 0; l < signs.Length; l++)
        {
            if (signs[l] == 0 && isCut[l] != 0)
            {
                signs[l] = (sbyte)Math.Sign(TensorPrimitives.Dot<double>(across, projections[l]));
            }
        }

        return new SignVector(signs);
    }
}
