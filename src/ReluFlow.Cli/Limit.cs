using ReluFlow.Theory.Limits;

namespace ReluFlow.Cli;

/// <summary>What <c>limit</c> found, by the jump process of orthogonal inputs or by the alternating process.</summary>
/// <param name="Path">Saddles and jumps.</param>
/// <param name="Coincidences">Jumps whose order a finite λ may change.</param>
/// <param name="Status">How the process ended, in kebab case.</param>
/// <param name="Violation">Why the inputs are not those of the jump process; null where they are.</param>
internal sealed record Limit(JumpPath Path, IReadOnlyList<JumpCoincidence> Coincidences, string Status, string? Violation)
{
    public bool IsOrthogonal => Violation is null;

    /// <summary>c_i in t_i = τ_i ln(1/λ) + c_i, where they are known.</summary>
    public IReadOnlyList<double>? Offsets { get; init; }
}
