using System.Buffers.Binary;

namespace ReluFlow.Experiments.Arrays;

/// <summary>The type of the elements in an NPY file and how one is read. Integers beyond 2⁵³ are rounded to the nearest double.</summary>
internal sealed class NpyElement
{
    private static readonly Dictionary<string, NpyElement> Known = new(StringComparer.Ordinal)
    {
        ["|b1"] = new(1, static bytes => bytes[0] == 0 ? 0 : 1),
        ["|i1"] = new(1, static bytes => (sbyte)bytes[0]),
        ["|u1"] = new(1, static bytes => bytes[0]),
        ["<i2"] = new(2, static bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes)),
        [">i2"] = new(2, static bytes => BinaryPrimitives.ReadInt16BigEndian(bytes)),
        ["<u2"] = new(2, static bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
        [">u2"] = new(2, static bytes => BinaryPrimitives.ReadUInt16BigEndian(bytes)),
        ["<i4"] = new(4, static bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        [">i4"] = new(4, static bytes => BinaryPrimitives.ReadInt32BigEndian(bytes)),
        ["<u4"] = new(4, static bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
        [">u4"] = new(4, static bytes => BinaryPrimitives.ReadUInt32BigEndian(bytes)),
        ["<i8"] = new(8, static bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)),
        [">i8"] = new(8, static bytes => BinaryPrimitives.ReadInt64BigEndian(bytes)),
        ["<u8"] = new(8, static bytes => BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
        [">u8"] = new(8, static bytes => BinaryPrimitives.ReadUInt64BigEndian(bytes)),
        ["<f2"] = new(2, static bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
        [">f2"] = new(2, static bytes => (double)BinaryPrimitives.ReadHalfBigEndian(bytes)),
        ["<f4"] = new(4, static bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        [">f4"] = new(4, static bytes => BinaryPrimitives.ReadSingleBigEndian(bytes)),
        ["<f8"] = new(8, static bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        [">f8"] = new(8, static bytes => BinaryPrimitives.ReadDoubleBigEndian(bytes)),
    };

    /// <summary>Makes a type.</summary>
    public NpyElement(int size, Func<ReadOnlySpan<byte>, double> read)
    {
        Size = size;
        Read = read;
    }

    /// <summary>Bytes of one element.</summary>
    public int Size { get; }

    /// <summary>The element at the front of the bytes.</summary>
    public Func<ReadOnlySpan<byte>, double> Read { get; }

    /// <summary>The type of a descriptor such as <c>&lt;f8</c>.</summary>
    /// <exception cref="InputException">The type is none of those supported.</exception>
    public static NpyElement Of(string descriptor, string source) => Known.TryGetValue(descriptor, out NpyElement? element)
        ? element
        : throw new InputException($"{source}: elements of type '{Excerpt.Of(descriptor)}'; expected floating-point (f2, f4, f8), integer (i1 to u8) or boolean (b1) elements.");
}
