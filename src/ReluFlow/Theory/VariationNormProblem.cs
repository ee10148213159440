using System.Numerics.Tensors;
using ReluFlow.Networks;
using ReluFlow.Theory.VariationNorm;

namespace ReluFlow.Theory;

/// <summary>The minimum variation norm of a data set: min Σ_j |a_j| ‖w_j‖ over networks of any width with f(x_k) = y_k.</summary>
/// <remarks>
/// <para>Dual: max ⟨μ, y⟩ with |Σ_k μ_k σ(⟨u, x_k⟩)| ≤ 1 for every unit vector u. Any such μ is a lower bound; the maximum over u is exact where the cells of the
/// arrangement of the hyperplanes ⟨u, x_k⟩ = 0 can be enumerated, and then the bound is certified, up to rounding.</para>
/// <para>Orthogonal inputs have a closed form (<see cref="OrthogonalPredictions"/>). Otherwise: column generation. Source: [PE] for the dual.</para>
/// </remarks>
public static class VariationNormProblem
{
    /// <summary>Solves. Cost, for n inputs of rank r, O(n^r) cells of the arrangement at O(n r) each, some tens of times; O(n² d) before.</summary>
    /// <param name="data">The data, one target a sample; a bias is a coordinate of x like any other.</param>
    /// <param name="options">Tolerance and limits; the defaults where null.</param>
    /// <param name="cancellation">Ends the solve early.</param>
    /// <returns>The bounds; that no network interpolates is a status.</returns>
    /// <exception cref="ArgumentException">The data have more than one target a sample.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static MinimumVariationNorm Solve(Dataset data, VariationNormOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.OutputDimension != 1)
        {
            throw new ArgumentException($"Data set '{data.Name}' has {data.OutputDimension} targets a sample; 1 is expected.", nameof(data));
        }

        options ??= new VariationNormOptions();
        var rays = InputRays.Of(data, cancellation);
        if (rays.Contradiction is { } contradiction)
        {
            return Infeasible(contradiction);
        }

        double scale = rays.Targets.Select(Math.Abs).DefaultIfEmpty(0).Max();
        if (scale == 0)
        {
            return Zero(data);
        }

        return OrthogonalSolution(data) ?? General(data, rays, scale, options, cancellation);
    }

    private static MinimumVariationNorm Infeasible(string contradiction) => new()
    {
        Status = VariationNormStatus.Infeasible,
        Method = VariationNormMethod.Arrangement,
        Primal = double.PositiveInfinity,
        Dual = double.PositiveInfinity,
        Certified = false,
        Network = null,
        Multipliers = [],
        InterpolationError = double.NaN,
        Message = $"no network interpolates: {contradiction}",
    };

    private static MinimumVariationNorm Zero(Dataset data) => new()
    {
        Status = VariationNormStatus.Solved,
        Method = VariationNormMethod.OrthogonalInputs,
        Primal = 0,
        Dual = 0,
        Certified = true,
        Network = ReluNetwork.FromWeights(Matrix.FromValues(1, data.InputDimension, new double[data.InputDimension]), Matrix.Column(0)),
        Multipliers = new double[data.Samples],
        InterpolationError = 0,
    };

    // Zero inputs and zero targets add nothing where the other inputs are orthogonal to each other and to them.
    private static MinimumVariationNorm? OrthogonalSolution(Dataset data)
    {
        int[] inputs = [.. Enumerable.Range(0, data.Samples).Where(k => data.Inputs.Row(k).ContainsAnyExcept(0.0))];
        int[] targets = [.. inputs.Where(k => data.Targets[k, 0] != 0)];
        var ones = new double[inputs.Length];
        ones.AsSpan().Fill(1);
        if (inputs.Length > data.InputDimension || !OrthogonalAssumption.Check(new Dataset(data.Inputs.SelectRows(inputs), Matrix.Column(ones), data.Name, data.Provenance)).Holds)
        {
            return null;
        }

        var predictions = new OrthogonalPredictions(new Dataset(data.Inputs.SelectRows(targets), data.Targets.SelectRows(targets), data.Name, data.Provenance));
        var mu = new double[data.Samples];
        foreach (int sign in (int[])[1, -1])
        {
            int[] own = [.. targets.Where(k => sign * data.Targets[k, 0] > 0)];
            double[] share = [.. own.Select(k => data.Targets[k, 0] / TensorPrimitives.Norm(data.Inputs.Row(k)))];
            for (int i = 0; i < own.Length; i++)
            {
                mu[own[i]] = share[i] / TensorPrimitives.Norm<double>(share) / TensorPrimitives.Norm(data.Inputs.Row(own[i]));
            }
        }

        return Solution(data, predictions.MinimumNormNetwork, mu, isExact: true, (VariationNormMethod.OrthogonalInputs, new VariationNormOptions()));
    }

    private static MinimumVariationNorm General(Dataset data, InputRays rays, double scale, VariationNormOptions options, CancellationToken cancellation)
    {
        double[] targets = [.. rays.Targets.Select(target => target / scale)];
        bool isExact = Arrangement.MostCells(rays.Count, rays.Rank) <= options.MaximumCells;
        IMaximum maximum = isExact ? new CellMaximum(rays.Coordinates, Arrangement.Of(rays.Coordinates, cancellation)) : new LocalMaximum(rays.Coordinates, cancellation);
        var generation = ColumnGeneration.Solve(rays.Coordinates, targets, maximum, options, cancellation);
        ReluNetwork? network = generation.Neurons.Count == 0 ? null : Network(rays, generation.Neurons, scale);
        return Solution(data, network, rays.SampleMultipliers(generation.Multipliers), isExact, (isExact ? VariationNormMethod.Arrangement : VariationNormMethod.LocalSearch, options));
    }

    // Balanced: ‖w‖ = |a| = √c.
    private static ReluNetwork Network(InputRays rays, IReadOnlyList<WeightedAtom> neurons, double scale)
    {
        double[] roots = [.. neurons.Select(neuron => Math.Sqrt(neuron.Weight * scale))];
        double[][] w = [.. neurons.Select(neuron => OrthonormalBasis.Combine(rays.Basis, neuron.Atom.Direction, rays.Basis[0].Length))];
        for (int j = 0; j < w.Length; j++)
        {
            TensorPrimitives.Multiply(w[j], roots[j] / TensorPrimitives.Norm<double>(w[j]), w[j]);
        }

        return ReluNetwork.FromWeights(Matrix.FromRows(w), Matrix.Column([.. neurons.Select((neuron, j) => neuron.Sign * roots[j])]));
    }

    private static MinimumVariationNorm Solution(Dataset data, ReluNetwork? network, double[] mu, bool isExact, (VariationNormMethod Method, VariationNormOptions Options) how)
    {
        double primal = network?.VariationNorm ?? double.PositiveInfinity, dual = TensorPrimitives.Dot(mu, data.Targets.Values);
        bool agree = primal - dual <= how.Options.Tolerance * primal && double.IsFinite(primal);
        return new MinimumVariationNorm
        {
            Status = agree ? VariationNormStatus.Solved : VariationNormStatus.NotConverged,
            Method = how.Method,
            Primal = primal,
            Dual = dual,
            Certified = isExact && agree,
            Network = network,
            Multipliers = mu,
            InterpolationError = network is null ? double.NaN : InterpolationErrorOf(network, data),
            Message = agree ? null : FormattableString.Invariant($"the bounds {dual:G9} and {primal:G9} differ by more than {how.Options.Tolerance:G3} of the minimum"),
        };
    }

    private static double InterpolationErrorOf(ReluNetwork network, Dataset data)
    {
        var error = new double[data.Samples];
        network.Evaluate(data.Inputs, error);
        TensorPrimitives.Subtract(error, data.Targets.Values, error);
        return Math.Abs(TensorPrimitives.MaxMagnitude<double>(error));
    }
}
