using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Flows;

/// <summary>An orthonormal basis of the inputs on whose boundaries ⟨w_j, x_k⟩ = 0 a neuron is held, and the projection P_j that takes their part away.</summary>
internal sealed class BoundaryNormals
{
    // A boundary normal shorter than this after what the others take of it lies in their span.
    private const double DependentNormal = 1e-9;

    private readonly List<double[]> _normals = [];

    /// <summary>The basis of some rows of X (n × d), or of X in other orthonormal coordinates. Cost O(s² d) for s samples.</summary>
    public BoundaryNormals(Matrix inputs, IReadOnlyCollection<int> samples)
    {
        foreach (int k in samples)
        {
            double[] normal = inputs.Row(k).ToArray();
            double length = TensorPrimitives.Norm<double>(normal);

            // Twice for orthogonality to rounding.
            TakeAway(normal);
            TakeAway(normal);
            double rest = TensorPrimitives.Norm<double>(normal);
            if (rest > DependentNormal * length)
            {
                TensorPrimitives.Divide(normal, rest, normal);
                _normals.Add(normal);
            }
        }
    }

    /// <summary>How many independent boundaries there are.</summary>
    public int Count => _normals.Count;

    /// <summary>v ← P_j v, length d.</summary>
    public void TakeAway(Span<double> vector)
    {
        foreach (double[] normal in _normals)
        {
            TensorPrimitives.MultiplyAdd(normal, -TensorPrimitives.Dot(vector, normal), vector, vector);
        }
    }
}
