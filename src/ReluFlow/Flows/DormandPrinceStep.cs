using System.Numerics.Tensors;

namespace ReluFlow.Flows;

/// <summary>One step of <see cref="DormandPrince"/> from a start whose derivative is known, with its error and its continuous extension.</summary>
internal sealed class DormandPrinceStep
{
    private readonly double[][] _stages = new double[DormandPrince.Stages][];
    private readonly double[][] _coefficients = new double[DormandPrince.Degree][];
    private readonly double[] _error;

    /// <summary>Room for steps of states of one length; later steps allocate nothing.</summary>
    public DormandPrinceStep(int length)
    {
        Start = new double[length];
        End = new double[length];
        _error = new double[length];
        for (int i = 0; i < DormandPrince.Stages; i++)
        {
            _stages[i] = new double[length];
        }

        for (int p = 0; p < DormandPrince.Degree; p++)
        {
            _coefficients[p] = new double[length];
        }
    }

    /// <summary>y₀, to be written by the caller.</summary>
    public double[] Start { get; }

    /// <summary>The derivative at y₀, to be written by the caller; <see cref="Advance"/> writes it.</summary>
    public double[] StartDerivative => _stages[0];

    /// <summary>y₁, of order 5.</summary>
    public double[] End { get; }

    /// <summary>The derivative at y₁.</summary>
    public double[] EndDerivative => _stages[^1];

    /// <summary>The length of the step last taken.</summary>
    public double Size { get; private set; }

    /// <summary>Takes a step of size h from <see cref="Start"/>: six evaluations. Returns the error estimate, which the caller may overwrite.</summary>
    public Span<double> Take(VectorField field, double h)
    {
        Size = h;
        for (int stage = 1; stage < DormandPrince.Stages; stage++)
        {
            DormandPrince.Combine(Start, _stages, DormandPrince.StageWeights(stage), h, End);
            field(End, _stages[stage]);
        }

        DormandPrince.Error(_stages, h, _error);
        return _error;
    }

    /// <summary>Makes the continuous extension y(σ) = y₀ + Σ_p q_p σ^p of the step last taken.</summary>
    public void Extend()
    {
        for (int p = 1; p <= DormandPrince.Degree; p++)
        {
            DormandPrince.ExtensionCoefficient(_stages, p, Size, _coefficients[p - 1]);
        }
    }

    /// <summary>q_p of the extension, p = 1 … 4.</summary>
    public Span<double> Coefficient(int power) => _coefficients[power - 1];

    /// <summary>Writes y(σ), σ in [0, 1], of the extension.</summary>
    public void At(double sigma, Span<double> destination)
    {
        Start.CopyTo(destination);
        double power = 1;
        foreach (double[] coefficient in _coefficients)
        {
            power *= sigma;
            TensorPrimitives.MultiplyAdd(coefficient, power, destination, destination);
        }
    }

    /// <summary>Makes the end the start of the next step.</summary>
    public void Advance()
    {
        End.CopyTo(Start.AsSpan());
        EndDerivative.CopyTo(StartDerivative.AsSpan());
    }
}
