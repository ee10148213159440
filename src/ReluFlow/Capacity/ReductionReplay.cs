using ReluFlow.Networks;

namespace ReluFlow.Capacity;

/// <summary>Takes the steps of a path once more, to have the neurons at a point of it.</summary>
internal sealed class ReductionReplay
{
    private readonly List<(UnitNeuron Neuron, IReadOnlyList<int> Sources)?> _neurons;

    public ReductionReplay(ReluNetwork start) =>
        _neurons = [.. Enumerable.Range(0, start.Width).Select(j => ((UnitNeuron, IReadOnlyList<int>)?)(UnitNeuron.Of(start, j), [j]))];

    /// <summary>The neurons left, each with the start's neurons in it; merges stand where the first of those stood.</summary>
    public IReadOnlyList<(UnitNeuron Neuron, IReadOnlyList<int> Sources)> Left => [.. _neurons.OfType<(UnitNeuron Neuron, IReadOnlyList<int> Sources)>().OrderBy(neuron => neuron.Sources.Min())];

    /// <summary>Takes a step and tells which neurons it takes away (−1) and which it adds (+1).</summary>
    public void Take(GreedyStep step, Action<UnitNeuron, int>? changed = null)
    {
        (UnitNeuron first, IReadOnlyList<int> sources) = _neurons[step.First]!.Value;
        changed?.Invoke(first, -1);
        _neurons[step.First] = null;
        if (!step.IsMerge)
        {
            return;
        }

        (UnitNeuron second, IReadOnlyList<int> others) = _neurons[step.Second]!.Value;
        changed?.Invoke(second, -1);
        _neurons[step.Second] = null;
        var merged = UnitNeuron.MergeAligned([first, second], out _);
        changed?.Invoke(merged, 1);
        _neurons.Add((merged, [.. sources, .. others]));
    }
}
