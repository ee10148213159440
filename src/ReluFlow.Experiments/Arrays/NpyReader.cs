using System.Runtime.InteropServices;

namespace ReluFlow.Experiments.Arrays;

/// <summary>Reads one array in NumPy's NPY format, versions 1 to 3, in either byte order and either index order.</summary>
internal static class NpyReader
{
    /// <summary>Doubles as most machines hold them in memory.</summary>
    public const string LittleDouble = "<f8";

    /// <summary>The same with four bytes each.</summary>
    public const string LittleSingle = "<f4";

    private const int ChunkBytes = 1 << 16;

    /// <summary>Reads an array whose header and values take <paramref name="length"/> bytes; what the header claims is checked before memory is taken.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="mostElements">How many elements are allowed.</param>
    /// <exception cref="InputException">The bytes are malformed, too few, too many, or claim too much.</exception>
    public static NpyArray Read(InputStream stream, long length, long mostElements)
    {
        NpyHeader header = NpyHeader.Read(stream);
        NpyElement element = NpyElement.Of(header.Descriptor, stream.Source);
        string shape = NpyArray.Format(header.Shape);
        mostElements = Math.Min(mostElements, Array.MaxLength);
        Int128 count = 1;
        foreach (int dimension in header.Shape)
        {
            count *= dimension;
            if (count > mostElements)
            {
                throw new InputException($"{stream.Source}: shape {shape} has more elements than the {mostElements} allowed.");
            }
        }

        long expected = (long)count * element.Size, available = length - stream.Offset;
        if (available != expected)
        {
            throw new InputException($"{stream.Source}: shape {shape} of '{header.Descriptor}' takes {expected} bytes, {available} found.");
        }

        var values = new double[(int)count];
        Fill(values, stream, element, header);
        stream.RequireEnd();
        return NpyArray.Of(header.Shape, values);
    }

    private static void Fill(double[] values, InputStream stream, NpyElement element, NpyHeader header)
    {
        if (BitConverter.IsLittleEndian && header is { Descriptor: LittleDouble, FortranOrder: false })
        {
            for (int filled = 0; filled < values.Length; filled += ChunkBytes / sizeof(double))
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan(filled, Math.Min(ChunkBytes / sizeof(double), values.Length - filled))), "values");
            }

            return;
        }

        var chunk = new byte[Math.Min(ChunkBytes, (long)values.Length * element.Size)];
        RowMajorOrder? order = header.FortranOrder ? new RowMajorOrder(header.Shape) : null;
        for (int filled = 0; filled < values.Length;)
        {
            int count = Math.Min(chunk.Length / element.Size, values.Length - filled);
            Span<byte> bytes = chunk.AsSpan(0, count * element.Size);
            stream.ReadExactly(bytes, "values");
            for (int i = 0; i < count; i++)
            {
                int place = order is null ? filled + i : order.Next();
                values[place] = element.Read(bytes[(i * element.Size)..]);
            }

            filled += count;
        }
    }

    /// <summary>The row-major places of elements that come with the first index running fastest.</summary>
    private sealed class RowMajorOrder
    {
        private readonly int[] _shape, _strides, _index;
        private int _place;

        public RowMajorOrder(int[] shape)
        {
            _shape = shape;
            _index = new int[shape.Length];
            _strides = new int[shape.Length];
            int stride = 1;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                _strides[axis] = stride;
                stride *= shape[axis];
            }
        }

        public int Next()
        {
            int current = _place;
            for (int axis = 0; axis < _shape.Length; axis++)
            {
                _place += _strides[axis];
                if (++_index[axis] < _shape[axis])
                {
                    break;
                }

                _place -= _shape[axis] * _strides[axis];
                _index[axis] = 0;
            }

            return current;
        }
    }
}
