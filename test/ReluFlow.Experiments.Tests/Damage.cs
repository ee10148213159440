using FsCheck;
using FsCheck.Fluent;

namespace ReluFlow.Experiments.Tests;

/// <summary>Random damage to the bytes of a valid file: bytes changed, cut off, inserted or left out.</summary>
internal static class Damage
{
    // The files are a few kilobytes; buffers of the readers and of the platform's zip and gzip take some hundred.
    private const long MostAllocated = 16 << 20;

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(500);

    /// <summary>Requires that a reader of damaged bytes succeeds or throws an <see cref="InputException"/> of one line, in bounded memory.</summary>
    public static void ShouldBeToldOf(byte[] valid, Action<byte[]> read) => Prop.ForAll(Bytes(valid).ToArbitrary(), damaged =>
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(damaged);
        }
        catch (InputException told)
        {
            told.Message.ShouldNotContain('\n');
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostAllocated);
    }).Check(Many);

    private static Gen<byte[]> Bytes(byte[] valid) => Gen.OneOf(
        from places in Gen.Choose(0, valid.Length - 1).NonEmptyListOf() from value in Gen.Choose(0, 255) select Changed(valid, places, (byte)value),
        from length in Gen.Choose(0, valid.Length) select valid[..length],
        from place in Gen.Choose(0, valid.Length) from count in Gen.Choose(1, 40) from value in Gen.Choose(0, 255)
        select (byte[])[.. valid[..place], .. Enumerable.Repeat((byte)value, count), .. valid[place..]],
        from place in Gen.Choose(0, valid.Length) from count in Gen.Choose(1, 40)
        select (byte[])[.. valid[..place], .. valid[Math.Min(place + count, valid.Length)..]]);

    private static byte[] Changed(byte[] valid, IEnumerable<int> places, byte value)
    {
        byte[] changed = [.. valid];
        foreach (int place in places.Take(4))
        {
            changed[place] ^= value;
        }

        return changed;
    }
}
