using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ReluFlow.Experiments.Data;
using ReluFlow.Experiments.Specs;
using ReluFlow.Networks;

namespace ReluFlow.Experiments.Runs;

/// <summary>The twelve hex digits that name what determines a result.</summary>
/// <remarks>
/// They begin the SHA-256 of the UTF-8 text of: the sections network, initial, loss, dynamics, stop and save of the canonical spec, without a path and
/// without <c>stop.wall</c>, which may cut a run short but changes nothing in one that finishes; a line with the hash of the data's content, training
/// and held-out samples before a bias is appended; a line with the hash of a start from a file. Not covered: the name, how the data came about, which
/// their content replaces, and analyses, which are computed from a run and change nothing in it.
/// </remarks>
internal static class ExperimentHash
{
    private const int Digits = 12;

    /// <param name="spec">The resolved spec.</param>
    /// <param name="data">The data.</param>
    /// <param name="start">The start; only one from a file counts, since the spec determines any other.</param>
    public static string Of(ExperimentSpec spec, ExperimentData data, ReluNetwork start)
    {
        bool fromFile = spec.Initial.Scheme == InitialScheme.File;
        ExperimentSpec bare = spec with
        {
            Initial = spec.Initial with { Path = null },
            Stop = spec.Stop with { Wall = null },
        };
        string text = $"{SpecWriter.WriteSolve(bare)}data-content: {data.ContentHash}\nstart-content: {(fromFile ? ContentOf(start) : "")}\n";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];
    }

    private static string ContentOf(ReluNetwork network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int[] shape = [network.Width, network.InputDimension, network.OutputDimension];
        hash.AppendData(MemoryMarshal.AsBytes<int>(shape));
        hash.AppendData(MemoryMarshal.AsBytes(network.InputWeights.Values));
        hash.AppendData(MemoryMarshal.AsBytes(network.OutputWeights.Values));
        hash.AppendData(MemoryMarshal.AsBytes(network.LogScales));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
