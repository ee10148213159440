using ReluFlow.Experiments.Arrays;

namespace ReluFlow.Experiments.Tests.Arrays;

public sealed class NumPyExchangeTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    public void Dispose() => _files.Dispose();

    [PythonFact]
    public void Write_EveryShapeAndValue_IsReadByNumPy()
    {
        double[] special = [0, -0.0, 5e-324, -5e-324, 1.7976931348623157e308, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.1, -1.0 / 3, 1e-300, 7];
        int[][] shapes = [[], [12], [3, 4], [2, 3, 2], [0], [0, 3], [1, 12, 1]];
        using (FileStream stream = File.Create(_files["ours.npz"]))
        {
            NpzFile.Write(stream, shapes.Select(shape => KeyValuePair.Create("s" + string.Join('x', shape), NpyArray.Of(shape, special[..shape.Aggregate(1, (p, l) => p * l)]))));
        }

        const string Script = """
            import sys, numpy as np
            for name, a in np.load(sys.argv[1]).items():
                assert a.dtype == np.dtype('<f8') and a.flags.c_contiguous
                print(name, 'x'.join(map(str, a.shape)), a.tobytes().hex())
            """;
        string[] lines = PythonOracle.Run(Script, _files["ours.npz"]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(shapes.Length);
        for (int i = 0; i < shapes.Length; i++)
        {
            string shape = string.Join('x', shapes[i]);
            double[] values = special[..shapes[i].Aggregate(1, (p, l) => p * l)];
            lines[i].ShouldBe($"s{shape} {shape} {Convert.ToHexStringLower(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(values))}");
        }
    }

    [PythonFact]
    public void Read_EveryTypeOrderAndVersion_IsWhatNumPyWrote()
    {
        const string Script = """
            import sys, zipfile, numpy as np
            from numpy.lib import format
            a = np.arange(24.).reshape(2, 3, 4)
            arrays = {}
            for order in 'CF':
                for kind in 'i1 i2 i4 i8 u1 u2 u4 u8 f4 f8'.split():
                    for end in '<>':
                        arrays[f'{order}{ {"<": "l", ">": "b"}[end] }{kind}'] = np.array(a, dtype=end + kind, order=order)
            arrays['bool'] = a % 3 == 0
            arrays['scalar'] = np.float64(0.1)
            arrays['empty'] = np.zeros((0, 3), order='F')
            arrays['slice'] = a[:, ::2, ::-1]
            arrays['negative'] = -np.arange(5)
            np.savez(sys.argv[1], **arrays)
            np.savez_compressed(sys.argv[2], **arrays)
            with zipfile.ZipFile(sys.argv[3], 'w') as z:
                for v in (1, 2, 3):
                    with z.open(f'v{v}.npy', 'w') as f:
                        format.write_array(f, a, version=(v, 0))
                z.writestr('notes.txt', 'passed over')
            """;
        PythonOracle.Run(Script, _files["stored.npz"], _files["deflated.npz"], _files["versions.npz"]);
        double[] range = [.. Enumerable.Range(0, 24)];
        foreach (string file in new[] { "stored.npz", "deflated.npz" })
        {
            IReadOnlyDictionary<string, NpyArray> arrays = NpzFile.Read(_files[file]);
            arrays.Count.ShouldBe(45);
            foreach ((string name, NpyArray array) in arrays.Where(pair => pair.Key.Length == 4 && pair.Key[0] is 'C' or 'F'))
            {
                array.Shape.ShouldBe([2, 3, 4], name);
                array.Values.ShouldBe(range, name);
            }

            arrays["bool"].Values.ShouldBe([.. range.Select(v => v % 3 == 0 ? 1.0 : 0.0)]);
            (arrays["scalar"].Shape.Count, arrays["scalar"].Values[0]).ShouldBe((0, 0.1));
            arrays["empty"].Shape.ShouldBe([0, 3]);
            arrays["slice"].Values.ShouldBe([3, 2, 1, 0, 11, 10, 9, 8, 15, 14, 13, 12, 23, 22, 21, 20]);
            arrays["negative"].Values.ShouldBe([0, -1, -2, -3, -4]);
        }

        IReadOnlyDictionary<string, NpyArray> versions = NpzFile.Read(_files["versions.npz"]);
        versions.Keys.ShouldBe(["v1", "v2", "v3"]);
        versions.Values.ShouldAllBe(array => array.Values.SequenceEqual(range));
    }

    [PythonFact]
    public void Read_TypesThatAreNoNumbers_AreNamed()
    {
        const string Script = """
            import sys, numpy as np
            np.savez(sys.argv[1], z=np.array([1j]))
            np.savez(sys.argv[2], s=np.array(['a', 'b']))
            np.savez(sys.argv[3], r=np.array([(1, 2.)], dtype=[('a', 'i4'), ('b', 'f8')]))
            np.savez(sys.argv[4], o=np.array([{}], dtype=object))
            """;
        string[] paths = [_files["complex.npz"], _files["text.npz"], _files["record.npz"], _files["object.npz"]];
        PythonOracle.Run(Script, paths);
        string[] found = ["array 'z': elements of type '<c16'", "array 's': elements of type '<U1'", "array 'r': the NPY header is", "array 'o': elements of type '|O'"];
        foreach ((string path, string message) in paths.Zip(found))
        {
            Should.Throw<InputException>(() => NpzFile.Read(path)).Message.ShouldStartWith($"{path}: {message}");
        }
    }
}
