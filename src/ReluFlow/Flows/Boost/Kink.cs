namespace ReluFlow.Flows.Boost;

/// <summary>The kink that a gate change of one neuron gives to the residual signal.</summary>
internal static class Kink
{
    /// <summary>
    /// Whether it bends n b by more than the request allows. A kink in mid-step spoils the collocation; one at either end does not, hence the weight.
    /// </summary>
    /// <param name="request">What the pass is to do.</param>
    /// <param name="signal">The residual signal's unit.</param>
    /// <param name="span">The inputs.</param>
    /// <param name="at">Which ray, and where in the step.</param>
    /// <param name="squaredSize">e^{2ρ} ‖a‖².</param>
    /// <param name="pull">‖⟨x_k, D⟩‖ and ‖h b_k‖ there.</param>
    public static bool IsSignificant(PropagationRequest request, RaySignal signal, InputSpan span, (int Ray, double Sigma) at, double squaredSize, (double Velocity, double Signal) pull)
    {
        if (double.IsPositiveInfinity(request.SignificantKink) || at.Sigma <= 0)
        {
            return false;
        }

        double norm = span.Norms[at.Ray];
        double jump = squaredSize * Math.Max(pull.Signal * norm * norm, pull.Velocity);
        double reach = Math.Max(1 / signal.Scale, request.Signal.Step * norm / span.Inputs.Rows);
        double weight = Math.Min(1, 20 * at.Sigma * (1 - at.Sigma));
        return 0.05 * jump * reach * weight > request.SignificantKink;
    }
}
