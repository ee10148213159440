namespace ReluFlow.Flows;

/// <summary>What a flow cannot pass.</summary>
/// <param name="Status">How the run ends.</param>
/// <param name="Message">Which neuron, which sample, when.</param>
internal readonly record struct Obstacle(SolveStatus Status, string Message);
