namespace ReluFlow.Flows;

/// <summary>A vector field: writes the derivative of a state; the same state always gets the same derivative.</summary>
internal delegate void VectorField(Span<double> state, Span<double> derivative);
