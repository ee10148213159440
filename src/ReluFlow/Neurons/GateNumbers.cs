using System.Security.Cryptography;

namespace ReluFlow.Neurons;

/// <summary>Numbers sets of active samples, so that equal sets have equal numbers.</summary>
/// <remarks>Sets are told apart by the first 16 bytes of SHA-256 of their bits: two different ones agree with probability 2⁻¹²⁸.</remarks>
internal sealed class GateNumbers
{
    private readonly Dictionary<UInt128, int> _numbers = [];

    /// <summary>The number of a set, given as one gate a sample. Cost O(n).</summary>
    public int Of(ReadOnlySpan<bool> gates)
    {
        var bits = new byte[(gates.Length + 7) / 8];
        for (int k = 0; k < gates.Length; k++)
        {
            if (gates[k])
            {
                bits[k / 8] |= (byte)(1 << (k % 8));
            }
        }

        UInt128 key = System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(bits));
        if (!_numbers.TryGetValue(key, out int number))
        {
            _numbers[key] = number = _numbers.Count;
        }

        return number;
    }
}
