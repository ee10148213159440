namespace ReluFlow.Networks;

/// <summary>A seeded stream of random numbers that is the same on every platform: xoshiro256** seeded by SplitMix64.</summary>
/// <remarks>
/// Normal and exponential numbers use only operations that IEEE 754 fixes to the last bit (+, −, ×, ÷, √) and a logarithm made of them,
/// so that the bits do not depend on a machine's mathematical library. Source: [Xoshiro].
/// </remarks>
public sealed class RandomStream
{
    private ulong _s0, _s1, _s2, _s3;
    private double _spareNormal = double.NaN;

    /// <summary>Starts the stream of a seed; different seeds give unrelated streams.</summary>
    public RandomStream(ulong seed)
    {
        _s0 = SplitMix(ref seed);
        _s1 = SplitMix(ref seed);
        _s2 = SplitMix(ref seed);
        _s3 = SplitMix(ref seed);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = ulong.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = ulong.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A uniform number in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1ul << 53));

    /// <summary>A fair sign, −1 or +1.</summary>
    public int NextSign() => (NextBits() >> 63) == 0 ? 1 : -1;

    /// <summary>A uniform integer in [0, <paramref name="bound"/>), without bias.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int NextInteger(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong limit = ulong.MaxValue - (ulong.MaxValue % (ulong)bound);
        ulong bits;
        do
        {
            bits = NextBits();
        }
        while (bits >= limit);
        return (int)(bits % (ulong)bound);
    }

    /// <summary>A standard normal number, by the polar method.</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spareNormal))
        {
            double spare = _spareNormal;
            _spareNormal = double.NaN;
            return spare;
        }

        double u, v, s;
        do
        {
            u = (2 * NextUniform()) - 1;
            v = (2 * NextUniform()) - 1;
            s = (u * u) + (v * v);
        }
        while (s is >= 1 or 0);
        double factor = Math.Sqrt(-2 * PortableLog(s) / s);
        _spareNormal = v * factor;
        return u * factor;
    }

    /// <summary>A random order of 0 … count − 1.</summary>
    public int[] NextPermutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        Shuffle(order);
        return order;
    }

    /// <summary>Puts numbers into a random order (Fisher–Yates).</summary>
    public void Shuffle(Span<int> numbers)
    {
        for (int i = numbers.Length - 1; i > 0; i--)
        {
            int j = NextInteger(i + 1);
            (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
        }
    }

    /// <summary>ln x for a normal positive x, to about one unit in the last place, by IEEE operations alone: ln x = e ln 2 + ln(1 + g), x = 2^e (1 + g).</summary>
    internal static double PortableLog(double x)
    {
        // ln 2 in two parts; the first has 21 trailing zero bits, so that e times it is exact.
        const double Ln2High = 0.6931471803691238, Ln2Low = 1.9082149292705877e-10;
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)((bits >> 52) & 0x7FF) - 1023;
        double fraction = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (fraction > 1.4142135623730951)
        {
            fraction /= 2;
            exponent++;
        }

        // |s| ≤ 0.1716, so the terms 2 s^(odd − 1)/odd of 2 artanh(s)/s − 2 fall below 2⁻⁵⁶ by s²².
        double g = fraction - 1, s = g / (2 + g), s2 = s * s, series = 0;
        for (int odd = 23; odd >= 3; odd -= 2)
        {
            series = (series + (2.0 / odd)) * s2;
        }

        // 2 artanh(s) = g − (g²/2 − s (g²/2 + series)), since 2s = g − s g: the leading g is exact, rounding touches corrections only.
        double half = g * g / 2;
        return (exponent * Ln2High) - (half - ((s * (half + series)) + (exponent * Ln2Low)) - g);
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
