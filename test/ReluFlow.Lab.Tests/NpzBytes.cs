using ReluFlow.Experiments.Arrays;

namespace ReluFlow.Lab.Tests;

/// <summary>The bytes of an npz file.</summary>
internal static class NpzBytes
{
    public static byte[] Of(params (string Name, int[] Shape, double[] Values)[] arrays)
    {
        using var stream = new MemoryStream();
        NpzFile.Write(stream, arrays.Select(array => new KeyValuePair<string, NpyArray>(array.Name, NpyArray.Of(array.Shape, array.Values))));
        return stream.ToArray();
    }
}
