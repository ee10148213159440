using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ReluFlow.Experiments.Arrays;

/// <summary>What stands before the values of an NPY file: a magic string, a version, and a Python dictionary of type, order and shape.</summary>
/// <param name="Descriptor">The element type, such as <c>&lt;f8</c>.</param>
/// <param name="FortranOrder">Whether the first index runs fastest.</param>
/// <param name="Shape">The length of each dimension.</param>
internal sealed partial record NpyHeader(string Descriptor, bool FortranOrder, int[] Shape)
{
    // NumPy itself refuses headers above 10,000 characters unless told.
    private const int LongestHeader = 1 << 16;

    private const int Alignment = 64;

    /// <summary>With what every NPY file begins.</summary>
    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads the header of versions 1, 2 and 3.</summary>
    /// <exception cref="InputException">It is malformed.</exception>
    public static NpyHeader Read(InputStream stream)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start, "the NPY magic and version");
        int version = start[6];
        if (!start[..6].SequenceEqual(Magic) || version is < 1 or > 3)
        {
            throw new InputException($"{stream.Source}: begins with {Convert.ToHexString(start)}; expected 934E554D5059 and a version from 1 to 3.");
        }

        Span<byte> size = stackalloc byte[version == 1 ? 2 : 4];
        stream.ReadExactly(size, "the length of the NPY header");
        uint length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(size) : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > LongestHeader)
        {
            throw new InputException($"{stream.Source}: the NPY header claims {length} bytes; at most {LongestHeader} expected.");
        }

        var text = new byte[length];
        stream.ReadExactly(text, "the NPY header");
        return Parse(Encoding.UTF8.GetString(text), stream.Source);
    }

    /// <summary>The bytes of a version 1 header for elements, little-endian doubles unless told otherwise, in row-major order; their number is a multiple of 64.</summary>
    public static byte[] Write(ReadOnlySpan<int> shape, string descriptor = "<f8")
    {
        string text = $"{{'descr': '{descriptor}', 'fortran_order': False, 'shape': {NpyArray.Format(shape)}, }}";
        int unpadded = Magic.Length + 4 + text.Length + 1, total = (unpadded + Alignment - 1) / Alignment * Alignment;
        var bytes = new byte[total];
        bytes.AsSpan().Fill((byte)' ');
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        bytes[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), checked((ushort)(total - Magic.Length - 4)));
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(10));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    private static NpyHeader Parse(string text, string source)
    {
        Match type = DescriptorPattern().Match(text), order = OrderPattern().Match(text), shape = ShapePattern().Match(text);
        if (!type.Success || !order.Success || !shape.Success)
        {
            throw new InputException($"{source}: the NPY header is '{Excerpt.Of(text)}'; expected 'descr' with a plain type, 'fortran_order' and 'shape'.");
        }

        string[] lengths = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var dimensions = new int[lengths.Length];
        for (int i = 0; i < lengths.Length; i++)
        {
            if (!int.TryParse(lengths[i], NumberStyles.None, CultureInfo.InvariantCulture, out dimensions[i]))
            {
                throw new InputException($"{source}: the shape ({Excerpt.Of(shape.Groups[1].Value)}) has the dimension '{Excerpt.Of(lengths[i])}'; expected a whole number from 0 to {int.MaxValue}.");
            }
        }

        return new NpyHeader(type.Groups[1].Value, order.Groups[1].Value == "True", dimensions);
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]*)['"]""")]
    private static partial Regex DescriptorPattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex ShapePattern();
}
