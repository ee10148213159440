using ReluFlow.Experiments.Arrays;

namespace ReluFlow.Experiments;

/// <summary>
/// A forward-only view of untrusted bytes. Damage that the layer below reports, or that only the end of the stream shows (length, checksum),
/// becomes an <see cref="InputException"/> that names the source.
/// </summary>
/// <param name="inner">The bytes; disposed with this stream.</param>
/// <param name="source">What the bytes are, for messages: a file, or a file and an array.</param>
/// <param name="expectedLength">The length modulo 2³² that must have been read at the end.</param>
/// <param name="expectedChecksum">The CRC-32 that the bytes must have at the end.</param>
/// <param name="mostBytes">The most bytes that are read.</param>
/// <param name="cancellation">Ends the reading early, by an <see cref="OperationCanceledException"/>.</param>
internal sealed class InputStream(Stream inner, string source, uint? expectedLength = null, uint? expectedChecksum = null, long mostBytes = long.MaxValue, CancellationToken cancellation = default) : Stream
{
    private readonly Crc32 _checksum = new();

    /// <summary>What the bytes are, for messages.</summary>
    public string Source { get; } = source;

    /// <summary>The number of bytes read so far.</summary>
    public long Offset { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => Offset;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException)
        {
            throw new InputException($"{Source}: {(damage is InvalidDataException ? "its compressed bytes are damaged" : $"cannot be read, {FileFailure.InWords(damage)},")} past byte {Offset}.", damage);
        }

        Offset += count;
        if (Offset > mostBytes)
        {
            throw new InputException($"{Source}: more than {mostBytes} bytes; a smaller file expected.");
        }

        if (expectedChecksum is not null)
        {
            _checksum.Append(buffer[..count]);
        }

        if (count == 0 && !buffer.IsEmpty)
        {
            RequireWhole();
        }

        return count;
    }

    /// <summary>Fills the buffer as far as the bytes go and returns how many there were.</summary>
    public int ReadUpTo(Span<byte> buffer) => ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="InputException">The bytes end before.</exception>
    public void ReadExactly(Span<byte> buffer, string what)
    {
        long start = Offset;
        int found = ReadUpTo(buffer);
        if (found < buffer.Length)
        {
            throw new InputException($"{Source}: {what} at offset {start}: {buffer.Length} bytes expected, {found} found.");
        }
    }

    /// <summary>Checks that nothing follows, and with it the length and the checksum.</summary>
    /// <exception cref="InputException">Something follows, or the stream is damaged.</exception>
    public void RequireEnd()
    {
        Span<byte> next = stackalloc byte[1];
        if (Read(next) != 0)
        {
            throw new InputException($"{Source}: the end expected at offset {Offset - 1}, more bytes found.");
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void RequireWhole()
    {
        if (expectedLength is uint length && unchecked((uint)Offset) != length)
        {
            throw new InputException($"{Source}: truncated or damaged: {length} bytes expected (modulo 2^32), {Offset} found.");
        }

        if (expectedChecksum is uint checksum && _checksum.Value != checksum)
        {
            throw new InputException($"{Source}: damaged: CRC-32 {checksum:x8} expected for its {Offset} bytes, {_checksum.Value:x8} found.");
        }
    }
}
