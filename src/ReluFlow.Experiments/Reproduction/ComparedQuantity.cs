namespace ReluFlow.Experiments.Reproduction;

/// <summary>A predicted number, or none.</summary>
/// <param name="Value">The number.</param>
/// <param name="Standing">What the prediction rests on.</param>
public sealed record Prediction(double Value, Standing Standing);

/// <summary>One named number of a run beside its prediction.</summary>
/// <param name="Name">The name that expectation files use, such as <c>jump.1.tau</c>.</param>
/// <param name="Label">What it is, for people.</param>
/// <param name="Measured">The number; null where the run did not come so far.</param>
/// <param name="Standing">What the number rests on: <see cref="Standing.Measured"/> or <see cref="Standing.WorkingDefinition"/>.</param>
/// <param name="Predicted">The prediction; null where there is none.</param>
/// <param name="Log">The number's natural logarithm where the number may underflow; NaN otherwise.</param>
public sealed record ComparedQuantity(string Name, string Label, double? Measured, Standing Standing, Prediction? Predicted = null, double Log = double.NaN);
