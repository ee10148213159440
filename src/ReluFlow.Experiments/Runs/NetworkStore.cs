using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using ReluFlow.Experiments.Arrays;
using ReluFlow.Flows;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>Networks of one shape in a file without a name, which vanishes with the last who may read it: the points of a trajectory that memory should not hold.</summary>
internal sealed class NetworkStore : INetworkStore
{
    private readonly SafeFileHandle _file;
    private readonly string _folder;
    private long _end;

    /// <summary>Begins a store in a folder, which is made where it is missing.</summary>
    /// <exception cref="InputException">Nothing can be written there.</exception>
    public NetworkStore(string folder)
    {
        _folder = folder;
        _file = Guarded(() =>
        {
            Directory.CreateDirectory(folder);
            string path = Path.Combine(folder, ".points-" + Guid.NewGuid().ToString("N"));
            SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);

            // From now on it has no name, so that nothing is left behind however the program ends.
            File.Delete(path);
            return file;
        });
    }

    /// <inheritdoc/>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public Func<ReluNetwork> Keep(ReluNetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        (int m, int d, int c) = (network.Width, network.InputDimension, network.OutputDimension);
        long begin = _end;
        Write(network.InputWeights.Values);
        Write(network.OutputWeights.Values);
        Write(network.LogScales);

        PlacedNumbers From(long value) => new(begin + (value * sizeof(double)), sizeof(double));
        return new NetworkSlices(_file, (m, d, c), Unreadable).At(From(0), From((long)m * d), From((long)m * (d + c)), network);
    }

    private void Write(ReadOnlySpan<double> values)
    {
        // A span is not to be captured by the guard.
        try
        {
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(values), _end);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(error);
        }

        _end += (long)values.Length * sizeof(double);
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(error);
        }
    }

    private InputException Unreadable(Exception error) => new($"{_folder}: saved points cannot be kept there: {FileFailure.InWords(error)}", error);
}
