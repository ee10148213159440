namespace ReluFlow.Flows;

/// <summary>Chooses step sizes from errors relative to the tolerance: proportional–integral control of a method whose error falls like h^q.</summary>
/// <remarks>Source: [HairerWanner], section IV.2.</remarks>
internal sealed class StepControl
{
    private const double Safety = 0.9;
    private const double Smallest = 0.2;
    private const double Largest = 5;
    private const double Proportional = 0.7;
    private const double Integral = 0.4;

    private readonly double _exponent;
    private double _previousError = 1;
    private bool _justRejected;

    /// <summary>Control for an error that falls like h^<paramref name="order"/>.</summary>
    public StepControl(int order) => _exponent = 1.0 / order;

    /// <summary>The factor from an accepted step (error at most 1) to the next.</summary>
    public double AfterAccepted(double error)
    {
        error = Math.Max(error, 1e-10);
        double factor = Safety * Math.Pow(error, -Proportional * _exponent) * Math.Pow(_previousError, Integral * _exponent);
        factor = Math.Clamp(factor, Smallest, _justRejected ? 1 : Largest);
        _previousError = error;
        _justRejected = false;
        return factor;
    }

    /// <summary>The factor from a rejected step (error above 1 or not a number) to the next attempt.</summary>
    public double AfterRejected(double error)
    {
        _justRejected = true;
        return double.IsFinite(error) ? Math.Clamp(Safety * Math.Pow(error, -_exponent), Smallest, Safety) : Smallest;
    }
}
