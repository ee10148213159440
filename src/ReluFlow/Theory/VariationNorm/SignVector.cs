namespace ReluFlow.Theory.VariationNorm;

/// <summary>The signs −1, 0 or +1 of ⟨u, x_k⟩ on one face of an arrangement, length n; equal where all signs are.</summary>
internal sealed class SignVector : IEquatable<SignVector>
{
    private readonly sbyte[] _signs;
    private readonly int _hash;

    public SignVector(sbyte[] signs)
    {
        _signs = signs;
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<sbyte>(signs));
        _hash = hash.ToHashCode();
    }

    public int this[int sample] => _signs[sample];

    public ReadOnlySpan<sbyte> Signs => _signs;

    public bool Equals(SignVector? other) => other is not null && _hash == other._hash && Signs.SequenceEqual(other.Signs);

    public override bool Equals(object? obj) => Equals(obj as SignVector);

    public override int GetHashCode() => _hash;
}
