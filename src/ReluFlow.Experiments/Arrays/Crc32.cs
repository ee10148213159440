using System.Buffers.Binary;

namespace ReluFlow.Experiments.Arrays;

/// <summary>The checksum of the zip format: CRC-32 with the reflected polynomial EDB88320, which the platform's zip reader does not compare.</summary>
/// <remarks>Eight bytes at a time, each by a table of its own for the bytes that follow it: trajectories have 100 megabytes.</remarks>
internal sealed class Crc32
{
    private const int Slice = 8;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static index => Step8((uint)index))];

    // Tables[256 i + b]: the effect of a byte b that i zero bytes follow.
    private static readonly uint[] Tables = Followed();

    private uint _state = uint.MaxValue;

    /// <summary>The checksum of all bytes so far.</summary>
    public uint Value => ~_state;

    /// <summary>Takes the next bytes in.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        ReadOnlySpan<uint> tables = Tables;
        for (; bytes.Length >= Slice; bytes = bytes[Slice..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state, high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            state = tables[1792 + (byte)low] ^ tables[1536 + (byte)(low >> 8)] ^ tables[1280 + (byte)(low >> 16)] ^ tables[1024 + (int)(low >> 24)]
                ^ tables[768 + (byte)high] ^ tables[512 + (byte)(high >> 8)] ^ tables[256 + (byte)(high >> 16)] ^ tables[(int)(high >> 24)];
        }

        foreach (byte value in bytes)
        {
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        }

        _state = state;
    }

    private static uint[] Followed()
    {
        var tables = new uint[256 * Slice];
        Table.CopyTo(tables, 0);
        for (int i = 256; i < tables.Length; i++)
        {
            uint before = tables[i - 256];
            tables[i] = Table[(byte)before] ^ (before >> 8);
        }

        return tables;
    }

    private static uint Step8(uint state)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            state = (state & 1) == 0 ? state >> 1 : (state >> 1) ^ 0xEDB88320;
        }

        return state;
    }
}
