namespace ReluFlow.Capacity;

/// <summary>Proven coefficients C of ‖f(x) − f̃(x)‖ ≤ (C + rounding) ‖x‖ for a network f and the network f̃ made of it.</summary>
/// <param name="Everywhere">C for every input x, in exact arithmetic.</param>
/// <param name="OnTrainingInputs">C for the training inputs, in exact arithmetic; at most <see cref="Everywhere"/>.</param>
/// <param name="Rounding">
/// What floating point may add, a worst case: half-units in the last place (2⁻⁵³) counted along the longest sum, times the norm products involved. On average it is smaller by the root of the count.
/// </param>
/// <remarks>Bounds of steps that follow each other add up, by the triangle inequality. Norms of outputs are Euclidean; a coefficient underflows where f does.</remarks>
public sealed record ChangeBound(double Everywhere, double OnTrainingInputs, double Rounding)
{
    /// <summary>Nothing changes.</summary>
    public static ChangeBound None { get; } = new(0, 0, 0);

    /// <summary>The bound for two changes, one after the other.</summary>
    public ChangeBound Plus(ChangeBound next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return new ChangeBound(Everywhere + next.Everywhere, OnTrainingInputs + next.OnTrainingInputs, Rounding + next.Rounding);
    }

    /// <summary>The bound for any input of norm <paramref name="inputNorm"/>, rounding included.</summary>
    public double At(double inputNorm) => (Everywhere + Rounding) * inputNorm;

    /// <summary>The bound for a training input of norm <paramref name="inputNorm"/>, rounding included; with the root mean square of their norms, for the root mean square of the change.</summary>
    public double AtTrainingInput(double inputNorm) => (OnTrainingInputs + Rounding) * inputNorm;
}
