namespace ReluFlow.Flows.Boost;

/// <summary>The common motions of cells through one step: those of the cells that are occupied, and of others as neurons enter them.</summary>
internal sealed class CellPaths(NeuronPropagator leader)
{
    private readonly Lock _lock = new();
    private CellPath?[] _paths = [];
    private GatePatterns _patterns = null!;

    /// <summary>Segments of the motions since <see cref="Begin"/>.</summary>
    public long Segments => leader.Segments;

    /// <summary>The patterns to whose numbers the motions belong.</summary>
    public GatePatterns Patterns => _patterns;

    /// <summary>Forgets the motions of an earlier pass.</summary>
    public void Begin(PropagationRequest request, GatePatterns patterns)
    {
        _patterns = patterns;
        Array.Clear(_paths);
        if (_paths.Length < 2 * patterns.Count)
        {
            _paths = new CellPath?[2 * patterns.Count];
        }

        leader.BeginPass(request, request.KnownClearance);
    }

    /// <summary>Follows a cell; false where that takes more segments than the limit of work allows.</summary>
    public bool TryFollow(int pattern, int sign)
    {
        ref CellPath? path = ref _paths[(2 * pattern) + (sign < 0 ? 1 : 0)];
        if (Volatile.Read(ref path) is null)
        {
            lock (_lock)
            {
                path ??= leader.FollowCell(_patterns[pattern], sign);
            }
        }

        return path is not null;
    }

    /// <summary>The motion of a cell that has been followed.</summary>
    public CellPath Of(int pattern, int sign) => _paths[(2 * pattern) + (sign < 0 ? 1 : 0)]!;
}
