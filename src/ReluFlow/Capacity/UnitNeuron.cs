using System.Numerics.Tensors;
using ReluFlow.Networks;

namespace ReluFlow.Capacity;

/// <summary>A neuron as the function e^{LogProduct} b σ(⟨u, x⟩) with unit vectors u and b; both are 0 and LogProduct is −∞ for the function 0.</summary>
/// <param name="LogProduct">ln p, p = ‖a‖‖w‖.</param>
/// <param name="Incoming">u, length d. Not to be changed.</param>
/// <param name="Outgoing">b, length c. Not to be changed.</param>
internal sealed record UnitNeuron(double LogProduct, double[] Incoming, double[] Outgoing)
{
    /// <summary>2⁻⁵³, the relative error of one rounding.</summary>
    public const double HalfUlp = 1.1102230246251565e-16;

    /// <summary>The size of what was added up to have ln p, whose last place is that of its rounding: more than |ln p| where a large scale and a small norm cancel.</summary>
    public double LogSize { get; private init; } = double.IsFinite(LogProduct) ? Math.Abs(LogProduct) : 0;

    /// <summary>p.</summary>
    public double Product => Math.Exp(LogProduct);

    public static UnitNeuron Of(ReluNetwork network, int neuron)
    {
        double[] u = network.InputWeights.Row(neuron).ToArray(), b = network.OutputWeights.Row(neuron).ToArray();
        double logProduct = network.LogNormProduct(neuron);
        if (!double.IsFinite(logProduct))
        {
            return Zero(u.Length, b.Length);
        }

        EuclideanNorm.Normalize(u);
        EuclideanNorm.Normalize(b);
        double logScale = 2 * network.LogScales[neuron];
        return new UnitNeuron(logProduct, u, b) { LogSize = Math.Abs(logScale) + Math.Abs(logProduct - logScale) };
    }

    /// <summary>What removing the neuron changes: ‖p b σ(⟨u, x⟩)‖ ≤ p ‖x‖.</summary>
    public ChangeBound Pruned => new(Product, Product, RoundingOf([this], LogProduct) * Product);

    /// <summary>
    /// One neuron along the mean u ∝ Σ p_α u_α with the outgoing weights q = Σ p_α b_α: the function q σ(⟨u, x⟩).
    /// </summary>
    /// <remarks>
    /// <para>‖Σ p_α b_α σ(⟨u_α, x⟩) − q σ(⟨u, x⟩)‖ = ‖Σ p_α b_α [σ(⟨u_α, x⟩) − σ(⟨u, x⟩)]‖ ≤ ‖x‖ Σ p_α s(θ_α), θ_α the angle of u_α and u, whatever the b_α are: q
    /// takes up exactly what differs between outgoing directions. With one output and one sign ‖q‖ = Σ p_α.</para>
    /// <para>s(θ) = sup over unit x of |σ(⟨u_α, x⟩) − σ(⟨u, x⟩)| = sin θ up to a right angle and 1 beyond. For where one of the two is inactive, the other is at most sin θ (its
    /// direction is at least π/2 − θ away from x), or 1; and where both are active the difference is linear in x, so that on the circle in their plane it is largest on
    /// the boundary of one of them. So s(θ) ≤ 2 sin(θ/2) ≤ θ. Exact iff collinear. Source: [Race] for the merge; the bound is ours.</para>
    /// </remarks>
    public static UnitNeuron MergeAligned(IReadOnlyList<UnitNeuron> group, out ChangeBound bound)
    {
        double log = group.Max(neuron => neuron.LogProduct);
        if (double.IsNegativeInfinity(log))
        {
            bound = ChangeBound.None;
            return group[0];
        }

        double[] products = Relative(group, log);
        double[] u = Mean(group, products, neuron => neuron.Incoming, out _), b = Mean(group, products, neuron => neuron.Outgoing, out double length);
        double change = 0;
        for (int i = 0; i < group.Count; i++)
        {
            (double along, double across) = Components(group[i].Incoming, u);
            change += products[i] * (along > 0 ? Math.Min(across, 1) : 1);
        }

        double scale = Math.Exp(log), logProduct = log + Math.Log(length);
        bound = new ChangeBound(scale * change, scale * change, scale * products.Sum() * RoundingOf(group, logProduct));
        return length > 0 ? new UnitNeuron(logProduct, u, b) : Zero(u.Length, b.Length);
    }

    /// <summary>One neuron of a group with one outgoing direction: v = Σ p_α u_α, that is w = Σ |a_α| w_α, p = ‖v‖.</summary>
    /// <remarks>
    /// <para>Put z_α = ⟨p_α u_α, x⟩. Where all z_α have one sign, Σ σ(z_α) = σ(Σ z_α): exact on every input on which the group shares its gate (a cell of the
    /// arrangement is a convex cone). Elsewhere 0 ≤ Σ σ(z_α) − σ(Σ z_α) = min(Σ z_α⁺, Σ z_α⁻). Write p_α u_α = c_α u + h_α with u = v/‖v‖, so Σ h_α = 0, and x = τ u + h. For τ ≥ 0
    /// Σ z_α⁻ ≤ τ Σ_{c_α&lt;0} |c_α| + Σ ⟨h_α, h⟩⁻ and the last sum is half of Σ |⟨h_α, h⟩|; for τ &lt; 0 the same holds of Σ z_α⁺. By Cauchy–Schwarz the change is at most
    /// ‖x‖ √((Σ_{c_α&lt;0} |c_α|)² + (½ Σ ‖h_α‖)²): for directions within a right angle of u ½ Σ p_α sin θ_α, half the bound of <see cref="MergeAligned"/>. And at most ½ Σ p_α ‖x‖.</para>
    /// <para>Outgoing directions that differ from b, their mean, add Σ p_α ‖b_α − b‖ on all inputs. A group of several outgoing directions is not one neuron on its cell
    /// (Σ b_α v_αᵀ has a rank above one), so this is for parallel ones.</para>
    /// </remarks>
    public static UnitNeuron MergeCone(IReadOnlyList<UnitNeuron> group, out ChangeBound bound)
    {
        double log = group.Max(neuron => neuron.LogProduct);
        if (double.IsNegativeInfinity(log))
        {
            bound = ChangeBound.None;
            return group[0];
        }

        double[] products = Relative(group, log);
        double[] u = Mean(group, products, neuron => neuron.Incoming, out double length), b = Mean(group, products, neuron => neuron.Outgoing, out _);
        double backward = 0, across = 0, apart = 0;
        for (int i = 0; i < group.Count; i++)
        {
            (double along, double away) = Components(group[i].Incoming, u);
            backward += products[i] * Math.Max(0, -along);
            across += products[i] * away;
            apart += products[i] * TensorPrimitives.Distance<double>(group[i].Outgoing, b);
        }

        double scale = Math.Exp(log), logProduct = log + Math.Log(length), total = products.Sum();
        double split = Math.Min(total / 2, Math.Sqrt((backward * backward) + (across * across / 4)));
        bound = new ChangeBound(scale * (split + apart), scale * apart, scale * total * RoundingOf(group, logProduct));
        return length > 0 ? new UnitNeuron(logProduct, u, b) : Zero(u.Length, b.Length);
    }

    /// <summary>Adds sign · p b σ(⟨u, x_k⟩) to outputs (n × c, row-major) for every row x_k of X. Cost O(n (d + c)).</summary>
    public void AddTo(Span<double> outputs, Matrix inputs, int sign)
    {
        int c = Outgoing.Length;
        for (int k = 0; k < inputs.Rows; k++)
        {
            double z = TensorPrimitives.Dot(Incoming, inputs.Row(k));
            if (ActivationPattern.IsActive(z))
            {
                Span<double> output = outputs.Slice(k * c, c);
                TensorPrimitives.MultiplyAdd(Outgoing, sign * Product * z, output, output);
            }
        }
    }

    private static UnitNeuron Zero(int d, int c) => new(double.NegativeInfinity, new double[d], new double[c]);

    private static double[] Relative(IReadOnlyList<UnitNeuron> group, double log) => [.. group.Select(neuron => Math.Exp(neuron.LogProduct - log))];

    // The direction of Σ p_α v_α; that of the strongest neuron where the sum vanishes. Any direction keeps the bounds.
    private static double[] Mean(IReadOnlyList<UnitNeuron> group, double[] products, Func<UnitNeuron, double[]> vector, out double length)
    {
        var sum = new double[vector(group[0]).Length];
        for (int i = 0; i < group.Count; i++)
        {
            TensorPrimitives.MultiplyAdd(vector(group[i]), products[i], sum, sum);
        }

        length = TensorPrimitives.Norm<double>(sum);
        if (length > 0)
        {
            TensorPrimitives.Divide(sum, length, sum);

            // Once more, so that cancellation in the sum leaves a unit vector.
            TensorPrimitives.Divide(sum, TensorPrimitives.Norm<double>(sum), sum);
            return sum;
        }

        return vector(group[Array.IndexOf(products, products.Max())]);
    }

    // v = along · u + a vector of length across orthogonal to u.
    private static (double Along, double Across) Components(double[] v, double[] u)
    {
        double along = TensorPrimitives.Dot<double>(v, u), across = 0;
        for (int i = 0; i < v.Length; i++)
        {
            double rest = v[i] - (along * u[i]);
            across += rest * rest;
        }

        return (along, Math.Sqrt(across));
    }

    // Each of the sums over coordinates and neurons, done some few times, rounds once a term; a logarithm summed of sizes up to l is off by l half-units, which its exponential makes relative.
    private static double RoundingOf(IReadOnlyList<UnitNeuron> group, double logProduct) =>
        HalfUlp * ((8 * (group[0].Incoming.Length + group[0].Outgoing.Length + group.Count + 8)) + (4 * (group.Max(neuron => neuron.LogSize) + (double.IsFinite(logProduct) ? Math.Abs(logProduct) : 0))));
}
