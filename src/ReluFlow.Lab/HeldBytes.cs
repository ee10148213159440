namespace ReluFlow.Lab;

/// <summary>A budget of bytes that many share: reserved before they are used, given back when they are not any more.</summary>
/// <param name="most">The budget.</param>
internal sealed class HeldBytes(long most)
{
    private long _held;

    /// <summary>The budget.</summary>
    public long Most { get; } = most;

    /// <summary>How much of it is reserved.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Reserves bytes; null where they are not there. Disposing of the reservation gives them back, once.</summary>
    public IDisposable? TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= Most)
        {
            return new Reservation(this, bytes);
        }

        Interlocked.Add(ref _held, -bytes);
        return null;
    }

    private sealed class Reservation(HeldBytes budget, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => Interlocked.Add(ref budget._held, -Interlocked.Exchange(ref _bytes, 0));
    }
}
