using System.Buffers.Binary;

namespace ReluFlow.Experiments.Arrays;

/// <summary>Writes one array of doubles, piece by piece, in NumPy's NPY format (version 1, little-endian, row-major); to four bytes each where that is asked for.</summary>
public sealed class NpyWriter
{
    private const int ChunkValues = 1 << 13;
    private readonly Stream _stream;
    private readonly bool _isSingle;
    private readonly byte[] _chunk = new byte[ChunkValues * sizeof(double)];
    private readonly long _expected;
    private long _written;

    internal NpyWriter(Stream stream, ReadOnlySpan<int> shape, bool isSingle = false)
    {
        (_stream, _isSingle) = (stream, isSingle);
        _expected = NpyArray.CountOf(shape);
        stream.Write(NpyHeader.Write(shape, isSingle ? NpyReader.LittleSingle : NpyReader.LittleDouble));
    }

    /// <summary>Appends the next values in row-major order.</summary>
    /// <exception cref="InvalidOperationException">These are more values than the shape has.</exception>
    public void Write(ReadOnlySpan<double> values)
    {
        _written += values.Length;
        if (_written > _expected)
        {
            throw new InvalidOperationException($"{_written} values written to an array of {_expected}.");
        }

        while (!values.IsEmpty)
        {
            ReadOnlySpan<double> piece = values[..Math.Min(ChunkValues, values.Length)];
            _stream.Write(_chunk.AsSpan(0, _isSingle ? PutSingles(piece) : PutDoubles(piece)));
            values = values[piece.Length..];
        }
    }

    private int PutDoubles(ReadOnlySpan<double> piece)
    {
        for (int i = 0; i < piece.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(_chunk.AsSpan(i * sizeof(double)), piece[i]);
        }

        return piece.Length * sizeof(double);
    }

    private int PutSingles(ReadOnlySpan<double> piece)
    {
        for (int i = 0; i < piece.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_chunk.AsSpan(i * sizeof(float)), (float)piece[i]);
        }

        return piece.Length * sizeof(float);
    }

    internal void RequireComplete()
    {
        if (_written != _expected)
        {
            throw new InvalidOperationException($"{_written} values written to an array of {_expected}.");
        }
    }
}
