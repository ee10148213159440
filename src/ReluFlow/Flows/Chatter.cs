using System.Numerics.Tensors;

namespace ReluFlow.Flows;

/// <summary>The neurons of a descent that jump to and fro across a boundary ⟨w_j, x_k⟩ = 0, as a step makes of a flow's slide.</summary>
/// <remarks>
/// Working definition of ours [H]: both sides point at the boundary (v₊ &lt; 0 &lt; v₋, the velocities of z with the gate open and closed) and z is within two steps of it.
/// A boundary is looked at with all other gates as they are.
/// </remarks>
internal sealed class Chatter(double step)
{
    private const double Steps = 2;

    /// <summary>For each chattering neuron the samples on whose boundaries it is. Cost O(n m d) and O(n d) for each pair near a boundary.</summary>
    public Dictionary<int, IReadOnlyCollection<int>> In(SmoothPiece piece)
    {
        var found = new Dictionary<int, IReadOnlyCollection<int>>();
        int d = piece.Network.InputDimension, c = piece.Network.OutputDimension;
        var correlation = new double[d * c];
        var velocity = new double[d];
        for (int j = 0; j < piece.Network.Width; j++)
        {
            ReadOnlySpan<double> w = piece.Network.InputWeights.Row(j), a = piece.Network.OutputWeights.Row(j);
            piece.GatedCorrelation(j, correlation);
            for (int i = 0; i < d; i++)
            {
                velocity[i] = TensorPrimitives.Dot(correlation.AsSpan(i * c, c), a);
            }

            var samples = new List<int>();
            for (int k = 0; k < piece.Data.Samples; k++)
            {
                if (IsHeld(piece, (j, k), TensorPrimitives.Dot(w, piece.Data.Inputs.Row(k)), velocity))
                {
                    samples.Add(k);
                }
            }

            if (samples.Count > 0)
            {
                found[j] = samples;
            }
        }

        return found;
    }

    private bool IsHeld(SmoothPiece piece, (int Neuron, int Sample) at, double z, double[] velocity)
    {
        ReadOnlySpan<double> x = piece.Data.Inputs.Row(at.Sample), a = piece.Network.OutputWeights.Row(at.Neuron);
        double now = TensorPrimitives.Dot<double>(velocity, x);
        double ofGate = TensorPrimitives.Dot(a, piece.Residual.Slice(at.Sample * a.Length, a.Length)) * TensorPrimitives.SumOfSquares(x) / piece.Data.Samples;
        bool open = piece.Pattern[at.Neuron, at.Sample];
        double closed = open ? now - ofGate : now, opened = open ? now : now + ofGate;
        return closed > 0 && opened < 0 && Math.Abs(z) <= Steps * step * Math.Max(closed, -opened);
    }
}
