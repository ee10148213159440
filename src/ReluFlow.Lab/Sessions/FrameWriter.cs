using System.Buffers.Binary;
using System.Numerics.Tensors;
using ReluFlow.Capacity;
using ReluFlow.Experiments.Runs;
using ReluFlow.Flows;
using ReluFlow.Networks;
using ReluFlow.Neurons;

namespace ReluFlow.Lab.Sessions;

/// <summary>
/// Saved points as binary frames, little endian: magic, request, index, m, d, c, n, flags as 32-bit integers; time, loss, ‖θ‖², ‖∇L‖ as doubles; clusters and effective width as
/// 32-bit integers, −1 where unknown; then as floats ln‖w_j‖ (m), ln‖a_j‖ (m), unit w_j (m × k), unit a_j (m × c); then the gates, m × ⌈n/8⌉ bytes, the lowest bit first.
/// </summary>
/// <remarks>
/// The same point gives the same bytes but for the request. Cost O(n m (d + c)) a frame. Clusters are counted while m² (d + c) is small; effective width, which is dearer,
/// while it is very small, and in the last frame.
/// </remarks>
internal sealed class FrameWriter
{
    /// <summary>"RFL1" read as a little-endian integer.</summary>
    public const uint Magic = 0x314C4652;

    /// <summary>The flag of the last frame of a run.</summary>
    public const uint LastFlag = 1;

    /// <summary>The flag of frames whose incoming directions are coordinates in <see cref="Plane"/>.</summary>
    public const uint PlaneFlag = 2;

    /// <summary>What stands for ln 0.</summary>
    public const float LogOfZero = -1e30f;

    // Where there are more coordinates, two of the principal plane stand for them.
    private const int MostDirections = 8;

    // m² (d + c) up to which counting takes some milliseconds a frame: clusters, and effective width, whose path of reductions is fifty times as dear.
    private const double MostForClusters = 4e6, MostForWidth = 1e5;

    private const int HeaderSize = (8 * sizeof(uint)) + (4 * sizeof(double)) + (2 * sizeof(int));

    private readonly TrainingProblem _problem;
    private readonly Matrix? _plane;
    private readonly double _size;

    /// <summary>Prepares frames for runs of a problem. Cost O(n d min(n, d)) where there are more than eight input coordinates.</summary>
    public FrameWriter(TrainingProblem problem)
    {
        _problem = problem;
        double m = problem.Start.Width;
        int d = problem.Data.InputDimension;
        _size = m * m * (d + problem.Data.OutputDimension);
        _plane = d > MostDirections ? PrincipalDirections.Of(problem.Data.Inputs, count: 2).Directions : null;
    }

    /// <summary>The first two principal directions of the inputs, one a row; null where directions are given in full.</summary>
    public Matrix? Plane => _plane;

    /// <summary>The bytes of a frame.</summary>
    public int Size
    {
        get
        {
            int m = _problem.Start.Width, c = _problem.Data.OutputDimension;
            return HeaderSize + (sizeof(float) * m * (2 + Directions + c)) + (m * GateBytes);
        }
    }

    private int Directions => _plane?.Rows ?? _problem.Data.InputDimension;

    private int GateBytes => (_problem.Data.Samples + 7) / 8;

    /// <summary>The frame of a saved point.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public byte[] Write(uint request, SavedPoint saved, CancellationToken cancellation)
    {
        var bytes = new byte[Size];
        ReluNetwork network = saved.Point.Network;
        var gates = ActivationPattern.Of(network, _problem.Data.Inputs);
        var writer = new Cursor(bytes);
        uint flags = (saved.IsLast ? LastFlag : 0) | (_plane is null ? 0 : PlaneFlag);
        foreach (uint value in (uint[])[Magic, request, (uint)saved.Index, (uint)network.Width, (uint)network.InputDimension, (uint)network.OutputDimension, (uint)gates.Samples, flags])
        {
            writer.Write(value);
        }

        foreach (double value in (double[])[saved.Point.Time, saved.Point.Loss, network.SquaredNorm, GradientNorm(network, gates)])
        {
            writer.Write(value);
        }

        bool countsWidth = _size <= (saved.IsLast ? MostForClusters : MostForWidth);
        writer.Write((uint)(_size <= MostForClusters ? NeuronClusters.Of(network).Count : -1));
        writer.Write((uint)(countsWidth ? EffectiveWidthOf(network, cancellation) : -1));
        WriteNeurons(writer, network);
        WriteGates(bytes.AsSpan(bytes.Length - (network.Width * GateBytes)), gates);
        return bytes;
    }

    /// <summary>Writes v/‖v‖ of a vector and returns ln‖v‖, right at any scale; zeros and <see cref="LogOfZero"/> for 0.</summary>
    public static double Normalize(ReadOnlySpan<double> vector, Span<double> unit)
    {
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        if (largest == 0)
        {
            unit.Clear();
            return LogOfZero;
        }

        // A weight such as 1e-170 has a square that underflows.
        TensorPrimitives.Divide(vector, largest, unit);
        double norm = TensorPrimitives.Norm<double>(unit);
        TensorPrimitives.Divide(unit, norm, unit);
        return Math.Log(largest) + Math.Log(norm);
    }

    /// <summary>The least width at which the outputs on the data change within the tolerance of the analysis <c>capacity</c>.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public int EffectiveWidthOf(ReluNetwork network, CancellationToken cancellation) =>
        EffectiveWidth.Along(ReductionPath.Of(Reduction.Of(network, _problem.Data.Inputs), cancellation), [CapacitySummary.DefaultTolerance], cancellation)[0].Measured;

    private double GradientNorm(ReluNetwork network, ActivationPattern gates)
    {
        var signal = new double[_problem.Data.Samples * network.OutputDimension];
        network.Evaluate(_problem.Data.Inputs, signal);
        _problem.Loss.ResidualSignal(signal, _problem.Data.Targets, signal);
        return Gradient.Descent(network, _problem.Data.Inputs, gates, signal).Norm;
    }

    private void WriteNeurons(Cursor writer, ReluNetwork network)
    {
        int m = network.Width, k = Directions, c = network.OutputDimension;
        Cursor logIn = writer, logOut = logIn.After(m), unitIn = logOut.After(m), unitOut = unitIn.After(m * k);
        var incoming = new double[network.InputDimension];
        var outgoing = new double[c];
        for (int j = 0; j < m; j++)
        {
            logIn.Write(Scaled(Normalize(network.InputWeights.Row(j), incoming), network.LogScales[j]));
            logOut.Write(Scaled(Normalize(network.OutputWeights.Row(j), outgoing), network.LogScales[j]));
            for (int i = 0; i < k; i++)
            {
                unitIn.Write((float)(_plane is null ? incoming[i] : TensorPrimitives.Dot(_plane.Row(i), incoming)));
            }

            foreach (double value in outgoing)
            {
                unitOut.Write((float)value);
            }
        }
    }

    private static float Scaled(double log, double logScale) => log == LogOfZero ? LogOfZero : (float)(log + logScale);

    private void WriteGates(Span<byte> bytes, ActivationPattern gates)
    {
        for (int j = 0; j < gates.Neurons; j++)
        {
            ReadOnlySpan<bool> row = gates.Row(j);
            for (int k = 0; k < row.Length; k++)
            {
                if (row[k])
                {
                    bytes[(j * GateBytes) + (k / 8)] |= (byte)(1 << (k % 8));
                }
            }
        }
    }

    // A place in a frame that moves on as numbers are written.
    private struct Cursor(byte[] bytes, int place = 0)
    {
        private int _place = place;

        public readonly Cursor After(int floats) => new(bytes, _place + (floats * sizeof(float)));

        public void Write(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(sizeof(uint)), value);

        public void Write(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Next(sizeof(double)), value);

        public void Write(float value) => BinaryPrimitives.WriteSingleLittleEndian(Next(sizeof(float)), value);

        private Span<byte> Next(int size)
        {
            Span<byte> room = bytes.AsSpan(_place, size);
            _place += size;
            return room;
        }
    }
}
