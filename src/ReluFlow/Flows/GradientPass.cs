namespace ReluFlow.Flows;

/// <summary>Loss, gates and descent direction on a block of samples: forward, loss and backward, slice by slice.</summary>
/// <remarks>A panel is one task: it alone writes its activations, gates and direction, and its part of the outputs is added in the order of the panels, so that results do not depend on the threads.</remarks>
internal sealed class GradientPass
{
    private readonly NeuronPanel[] _panels;
    private readonly uint[][] _allowed;
    private readonly ThreadTeam _team;
    private readonly Action<int> _passOn;
    private SampleBlock? _block;
    private SampleSlice? _before, _next;

    /// <summary>Passes of so many panels.</summary>
    /// <param name="panels">The neurons.</param>
    /// <param name="allowed">For each panel and sample of a block the gates that may be open.</param>
    /// <param name="team">The threads.</param>
    public GradientPass(NeuronPanel[] panels, uint[][] allowed, ThreadTeam team)
    {
        _panels = panels;
        _allowed = allowed;
        _team = team;
        _passOn = PassOn;
    }

    /// <summary>Leaves gates, and the direction unless it is not wanted, in the panels and returns the mean loss of the block.</summary>
    public double Run(SampleBlock block, bool wantsDirection = true)
    {
        _block = block;
        double sum = 0;
        foreach (SampleSlice slice in block.Slices)
        {
            _next = slice;
            _team.Run(_panels.Length, _passOn);
            sum += block.Judge(slice, _panels);
            _before = wantsDirection ? slice : null;
        }

        _next = null;
        if (wantsDirection)
        {
            _team.Run(_panels.Length, _passOn);
        }

        _before = null;
        return sum / block.Count;
    }

    // Backward through the slice that was judged and forward through the next, so that threads meet once a slice.
    private void PassOn(int i)
    {
        if (_before is not null)
        {
            _panels[i].Backward(_before, _block!);
        }

        if (_next is not null)
        {
            _panels[i].Forward(_next, _allowed[i]);
        }
    }
}
