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
    public Reservation? TryReserve(long bytes)
    {
        var reservation = new Reservation(this);
        return reservation.TryGrow(bytes) ? reservation : null;
    }

    /// <summary>Bytes of the budget that one has; one thread at a time may grow it.</summary>
    public sealed class Reservation : IDisposable
    {
        private readonly HeldBytes _budget;
        private long _bytes;

        internal Reservation(HeldBytes budget) => _budget = budget;

        /// <summary>Reserves more; whether there was as much.</summary>
        public bool TryGrow(long bytes)
        {
            if (Interlocked.Add(ref _budget._held, bytes) > _budget.Most)
            {
                Interlocked.Add(ref _budget._held, -bytes);
                return false;
            }

            Interlocked.Add(ref _bytes, bytes);
            return true;
        }

        public void Dispose() => Interlocked.Add(ref _budget._held, -Interlocked.Exchange(ref _bytes, 0));
    }
}
