using System.Buffers;
using System.Text;

namespace ReluFlow.Experiments.Weights;

/// <summary>Writes one message in the wire format of Protocol Buffers: fields as a tag, field number · 8 + wire type, and a value.</summary>
/// <remarks>Two wire types are enough here: 0, a varint (seven bits a byte, the least first), and 2, a length as varint and so many bytes. Fields keep the order in which they are written.</remarks>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, Delimited = 2;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The bytes so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Writes an integer; a negative one takes ten bytes, as the format has it.</summary>
    public ProtobufWriter Integer(int field, long value)
    {
        Tag(field, Varint);
        WriteVarint((ulong)value);
        return this;
    }

    /// <summary>Writes text in UTF-8.</summary>
    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Writes bytes.</summary>
    public ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Delimited);
        WriteVarint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>Writes a message inside this one.</summary>
    public ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message.Written);

    private void Tag(int field, int wireType) => WriteVarint(((ulong)field << 3) | (uint)wireType);

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.Write([(byte)(value | 0x80)]);
        }

        _bytes.Write([(byte)value]);
    }
}
