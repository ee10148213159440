namespace ReluFlow.Theory.VariationNorm;

/// <summary>A neuron of the minimiser: output sign times weight times the atom.</summary>
/// <param name="Atom">The unit vector u and its outputs.</param>
/// <param name="Sign">The sign of a.</param>
/// <param name="Weight">|a| ‖w‖ ≥ 0.</param>
internal sealed record WeightedAtom(Atom Atom, int Sign, double Weight);
