using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ReluFlow.Benchmarks.Peers;

namespace ReluFlow.Benchmarks;

/// <summary>What kind of machine this is, without its name.</summary>
internal static class MachineKind
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Cores, vectors, runtime and peers in one sentence.</summary>
    public static string Describe(PeerPrograms programs)
    {
        string vectors = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "128-bit vectors";
        string missing = programs.Missing.Count > 0 ? $" Missing: {string.Join("; ", programs.Missing)}." : "";
        return $"Machine: {Environment.ProcessorCount} shared {(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "x86" : "ARM")} cores, {vectors}; {RuntimeInformation.FrameworkDescription}, {string.Join(", ", programs.Versions)}.{missing}";
    }

    /// <summary>The best GFLOP/s of a matrix product in float64 by NumPy's linear algebra; null without NumPy.</summary>
    public static double? Peak(PeerPrograms programs, int threads) => programs.MatrixProduct is { } product
        && (product with { Threads = threads }).Capture([], s_patience) is (0, { } output, _)
        ? double.Parse(output, CultureInfo.InvariantCulture)
        : null;
}
