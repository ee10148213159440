namespace ReluFlow.Flows.Boost;

/// <summary>
/// Σ e^{2ρ} a w at the nodes of a step for each gate pattern of a plane: all that neurons followed one by one add to the outputs, so that a neuron costs two sums a node and not one a ray.
/// </summary>
/// <remarks>Used by one thread. Patterns are added up in the order of their numbers, so that the bits depend on the neurons and their order alone.</remarks>
internal sealed class OutputMoments
{
    private double[] _sums = [];
    private bool[] _isUsed = [];
    private int _nodes;

    /// <summary>Begins with nothing.</summary>
    public void Begin(int nodes, int patterns)
    {
        if (_isUsed.Length < patterns || _nodes != nodes)
        {
            (_sums, _isUsed, _nodes) = (new double[2 * nodes * patterns], new bool[patterns], nodes);
        }
    }

    /// <summary>Adds e^{2ρ} a w of a neuron that has the gates of the pattern at the node.</summary>
    public void Add(int node, int pattern, double aw0, double aw1)
    {
        int at = 2 * ((_nodes * pattern) + node);
        _sums[at] += aw0;
        _sums[at + 1] += aw1;
        _isUsed[pattern] = true;
    }

    /// <summary>Moves the sums to the outputs, nodes × N: ⟨x_k, Σ e^{2ρ} a w⟩ on the rays that each pattern sees.</summary>
    public void MoveTo(Span<double> outputs, GatePatterns patterns, InputSpan span)
    {
        for (int pattern = 0; pattern < _isUsed.Length; pattern++)
        {
            if (!_isUsed[pattern])
            {
                continue;
            }

            Span<double> sums = _sums.AsSpan(2 * _nodes * pattern, 2 * _nodes);
            for (int node = 0; node < _nodes; node++)
            {
                foreach (int k in patterns[pattern].Active)
                {
                    ReadOnlySpan<double> x = span.Ray(k);
                    outputs[(node * span.Rays) + k] += (x[0] * sums[2 * node]) + (x[1] * sums[(2 * node) + 1]);
                }
            }

            sums.Clear();
            _isUsed[pattern] = false;
        }
    }
}
