using ReluFlow.Networks;
using ReluFlow.Theory;
using ReluFlow.Theory.Limits;

namespace ReluFlow.Experiments.Runs;

/// <summary>The λ → 0 limit of the flow from a given start: by the jump process where inputs are orthogonal, by the alternating process elsewhere.</summary>
/// <param name="Path">Saddles and jumps.</param>
/// <param name="Coincidences">Jumps whose order a finite λ may change.</param>
/// <param name="Status">How the process ended, in kebab case.</param>
/// <param name="Violation">Why the inputs are not those of the jump process; null where they are.</param>
public sealed record SmallScaleLimit(JumpPath Path, IReadOnlyList<JumpCoincidence> Coincidences, string Status, string? Violation)
{
    /// <summary>Jump times at finite λ need a run of the flow for each jump; beyond this many samples the limit alone is given.</summary>
    public const int MostSamplesForTimes = 64;

    /// <summary>Whether the inputs are those of the jump process.</summary>
    public bool IsOrthogonal => Violation is null;

    /// <summary>c_i in t_i = τ_i ln(1/λ) + c_i; null where they are not known.</summary>
    public IReadOnlyList<double>? Offsets { get; init; }

    /// <summary>The limit. Cost as for <see cref="JumpProcess"/> with <see cref="FiniteScaleTimes"/>, or <see cref="AlternatingProcess"/>.</summary>
    /// <param name="data">Data of one target a sample, not all 0.</param>
    /// <param name="start">θ(0)/λ.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="InputException">The data have several targets a sample, or only targets 0.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static SmallScaleLimit Of(Dataset data, ReluNetwork start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.OutputDimension != 1 || !data.Targets.Values.ContainsAnyExcept(0))
        {
            throw new InputException($"data set '{data.Name}' has {data.OutputDimension} targets a sample{(data.OutputDimension == 1 ? ", all of them 0" : "")}; one a sample, not all 0, is expected.");
        }

        var assumption = OrthogonalAssumption.Check(data);
        if (!assumption.Holds)
        {
            var alternating = new AlternatingProcess(data, start, options: null, cancellation);
            return new SmallScaleLimit(alternating.Path, alternating.Coincidences, KebabName.Of(alternating.Status), assumption.Violation);
        }

        var process = new JumpProcess(data, start);
        return new SmallScaleLimit(process.Path, process.Coincidences, process.Interpolates ? "interpolated" : "stationary", Violation: null)
        {
            Offsets = data.Samples <= MostSamplesForTimes ? new FiniteScaleTimes(process, cancellation).Offsets : null,
        };
    }

    /// <summary>Flow time of a jump at a finite λ: τ ln(1/λ), with its correction where that is known.</summary>
    /// <param name="jump">i, from 0.</param>
    /// <param name="scale">λ &lt; 1.</param>
    public double Time(int jump, LogNumber scale) => (Path.Jumps[jump].RescaledTime * -scale.Log) + (Offsets?[jump] ?? 0);
}
