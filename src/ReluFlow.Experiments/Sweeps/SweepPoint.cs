using ReluFlow.Experiments.Specs;

namespace ReluFlow.Experiments.Sweeps;

/// <summary>One point of a sweep: an experiment like any other.</summary>
/// <param name="Index">Its place in the sweep, from 0.</param>
/// <param name="Values">Its values, one for each of <see cref="SweepPlan.Columns"/>.</param>
/// <param name="Spec">The experiment.</param>
/// <param name="Key">Sixteen hex digits of the SHA-256 of the experiment's canonical text, which name its run in the sweep directory.</param>
public sealed record SweepPoint(int Index, IReadOnlyList<string> Values, ExperimentSpec Spec, string Key);
