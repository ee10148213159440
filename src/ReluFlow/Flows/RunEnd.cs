namespace ReluFlow.Flows;

/// <summary>How a run ended.</summary>
/// <param name="Status">The reason.</param>
/// <param name="Message">One line on an unusual end, or null.</param>
/// <param name="GradientNorm">‖∇L‖ at the end.</param>
internal readonly record struct RunEnd(SolveStatus Status, string? Message, double GradientNorm);
