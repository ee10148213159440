using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>Networks of one shape that stand in an open file as little-endian numbers and are read when they are asked for.</summary>
/// <param name="file">The file; it stays open as long as one of the networks may be asked for.</param>
/// <param name="shape">m, d and c.</param>
/// <param name="unreadable">What to say where the file cannot be read.</param>
internal sealed class NetworkSlices(SafeFileHandle file, (int M, int D, int C) shape, Func<Exception, InputException> unreadable)
{
    /// <summary>The network whose W, a and ρ begin at three places. Who asks for it asks for it again soon: as long as someone holds it, it is not read twice.</summary>
    /// <param name="w">Where W begins.</param>
    /// <param name="a">Where a begins.</param>
    /// <param name="logScales">Where ρ begins.</param>
    /// <param name="known">The network, where it is still in memory.</param>
    public Func<ReluNetwork> At(PlacedNumbers w, PlacedNumbers a, PlacedNumbers logScales, ReluNetwork? known = null)
    {
        var held = new WeakReference<ReluNetwork?>(known);
        return () =>
        {
            if (held.TryGetTarget(out ReluNetwork? network))
            {
                return network;
            }

            try
            {
                (int m, int d, int c) = shape;
                network = ReluNetwork.FromScaledWeights(Matrix.TakeOwnership(m, d, Read(m * d, w)), Matrix.TakeOwnership(m, c, Read(m * c, a)), Read(m, logScales));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw unreadable(error);
            }

            held.SetTarget(network);
            return network;
        };
    }

    private double[] Read(int count, PlacedNumbers place)
    {
        var values = new double[count];
        if (place.Size == sizeof(double))
        {
            ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()), place.Begin);
            return values;
        }

        var singles = new float[count];
        ReadExactly(MemoryMarshal.AsBytes(singles.AsSpan()), place.Begin);
        TensorPrimitives.ConvertTruncating<float, double>(singles, values);
        return values;
    }

    private void ReadExactly(Span<byte> bytes, long begin)
    {
        for (int done = 0; done < bytes.Length;)
        {
            int read = RandomAccess.Read(file, bytes[done..], begin + done);
            done += read > 0 ? read : throw new EndOfStreamException("it ends before the network that is to be read");
        }
    }
}
