namespace ReluFlow.Flows;

/// <summary>What a descent remembers of earlier gradients of one panel's weights, and the direction that it makes of them.</summary>
internal abstract class StepMemory
{
    /// <summary>Whether the direction depends on the size of the weights, so that they may not be stored in units of their own.</summary>
    public virtual bool NeedsTrueWeights => false;

    /// <summary>Takes the descent directions −∂L/∂W (d × 32) and −∂L/∂A (c × 32) and puts those of the step in their place.</summary>
    public abstract void Turn(Span<double> w, Span<double> a);

    /// <summary>The unit of one neuron's weights became 2^exponent times what it was.</summary>
    public virtual void Rescale(int lane, int exponent)
    {
    }
}
