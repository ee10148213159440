using ReluFlow.Networks;

namespace ReluFlow.Benchmarks.Peers;

/// <summary>What a program reports of a run.</summary>
/// <param name="Reached">Whether it came to the problem's time.</param>
/// <param name="Time">Where it ended.</param>
/// <param name="Cost">Time of the solve alone, by its own clock.</param>
/// <param name="Evaluations">Evaluations of the gradient.</param>
/// <param name="Steps">Steps.</param>
/// <param name="Network">θ there.</param>
internal sealed record PeerResult(bool Reached, double Time, Cost Cost, long Evaluations, long Steps, ReluNetwork Network);
