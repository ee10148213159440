using System.Numerics.Tensors;
using ReluFlow.Flows.Boost;
using ReluFlow.Networks;

namespace ReluFlow.Theory.Limits;

/// <summary>Data and neurons in orthonormal coordinates of the span of the inputs. What a neuron has outside of it neither moves nor is seen, but its a stays.</summary>
/// <remarks>So a neuron that decays to nothing leaves nothing behind that would outgrow it in log scale.</remarks>
internal static class SpanCoordinates
{
    /// <summary>The pair in coordinates of the span; as they are where the inputs span the whole space. Cost O((n + m) d r).</summary>
    public static (Dataset Data, ReluNetwork Start) Of(Dataset data, ReluNetwork start)
    {
        InputSpan span = InputSpan.Of(data.Inputs);
        if (span.Rank is 0 || span.Rank == data.InputDimension)
        {
            return (data, start);
        }

        return (new Dataset(Project(data.Inputs, span), data.Targets, data.Name, data.Provenance),
            ReluNetwork.FromScaledWeights(Project(start.InputWeights, span), start.OutputWeights, start.LogScales));
    }

    private static Matrix Project(Matrix rows, InputSpan span)
    {
        int d = rows.Columns;
        var projected = new double[rows.Rows * span.Rank];
        for (int j = 0; j < rows.Rows; j++)
        {
            for (int i = 0; i < span.Rank; i++)
            {
                projected[(j * span.Rank) + i] = TensorPrimitives.Dot(rows.Row(j), span.Basis.AsSpan(i * d, d));
            }
        }

        return Matrix.TakeOwnership(rows.Rows, span.Rank, projected);
    }
}
