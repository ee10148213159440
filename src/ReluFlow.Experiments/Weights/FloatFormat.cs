using System.Buffers.Binary;

namespace ReluFlow.Experiments.Weights;

/// <summary>A floating-point format in which files for others hold weights.</summary>
public sealed class FloatFormat
{
    private readonly Action<Span<byte>, double> _write;

    private FloatFormat(string name, int size, (double Smallest, double Largest) range, Action<Span<byte>, double> write)
    {
        Name = name;
        Size = size;
        (SmallestNormal, Largest) = range;
        _write = write;
    }

    /// <summary>IEEE binary32, which training programs and runtimes take.</summary>
    public static FloatFormat Binary32 { get; } = new("float32", sizeof(float), (1.17549435e-38, float.MaxValue), static (bytes, value) => BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value));

    /// <summary>IEEE binary64.</summary>
    public static FloatFormat Binary64 { get; } = new("float64", sizeof(double), (2.2250738585072014e-308, double.MaxValue), BinaryPrimitives.WriteDoubleLittleEndian);

    /// <summary>The name that NumPy has for it.</summary>
    public string Name { get; }

    /// <summary>Bytes of one number.</summary>
    public int Size { get; }

    /// <summary>The smallest positive number of full precision.</summary>
    public double SmallestNormal { get; }

    /// <summary>The largest number.</summary>
    public double Largest { get; }

    /// <summary>The bytes of numbers, little-endian; each is rounded to the nearest of this format.</summary>
    internal byte[] Encode(ReadOnlySpan<double> values)
    {
        var bytes = new byte[checked(values.Length * Size)];
        for (int i = 0; i < values.Length; i++)
        {
            _write(bytes.AsSpan(i * Size), values[i]);
        }

        return bytes;
    }
}
