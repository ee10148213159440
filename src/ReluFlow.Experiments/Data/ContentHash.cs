using System.Buffers.Binary;
using System.Security.Cryptography;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Data;

/// <summary>The SHA-256 of data: for X and Y of the training samples and then of those held out, rows and columns as 64-bit integers and the values, little-endian.</summary>
internal static class ContentHash
{
    /// <summary>The hash in lower-case hexadecimal digits.</summary>
    public static string Of(Dataset training, Dataset? heldOut)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Dataset part in heldOut is null ? [training] : new[] { training, heldOut })
        {
            Append(hash, part.Inputs);
            Append(hash, part.Targets);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, Matrix matrix)
    {
        Span<byte> shape = stackalloc byte[2 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(shape, matrix.Rows);
        BinaryPrimitives.WriteInt64LittleEndian(shape[sizeof(long)..], matrix.Columns);
        hash.AppendData(shape);
        var row = new byte[matrix.Columns * sizeof(double)];
        for (int k = 0; k < matrix.Rows; k++)
        {
            ReadOnlySpan<double> values = matrix.Row(k);
            for (int i = 0; i < values.Length; i++)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(row.AsSpan(i * sizeof(double)), values[i]);
            }

            hash.AppendData(row);
        }
    }
}
