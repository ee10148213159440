namespace ReluFlow.Experiments.Arrays;

/// <summary>The checksum of the zip format: CRC-32 with the reflected polynomial EDB88320, which the platform's zip reader does not compare.</summary>
internal sealed class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(static index => Step8((uint)index))];
    private uint _state = uint.MaxValue;

    /// <summary>The checksum of all bytes so far.</summary>
    public uint Value => ~_state;

    /// <summary>Takes the next bytes in.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        uint state = _state;
        foreach (byte value in bytes)
        {
            state = Table[(byte)(state ^ value)] ^ (state >> 8);
        }

        _state = state;
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
