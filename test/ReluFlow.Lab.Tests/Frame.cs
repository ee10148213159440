using System.Text;

namespace ReluFlow.Lab.Tests;

/// <summary>A binary frame, decoded after the words of the protocol and not by the code that writes it.</summary>
internal sealed class Frame
{
    private const float LogOfZero = -1e30f;

    public required byte[] Bytes { get; init; }

    public uint Request { get; private init; }

    public int Index { get; private init; }

    public int M { get; private init; }

    public int D { get; private init; }

    public int C { get; private init; }

    public int N { get; private init; }

    public bool IsLast { get; private init; }

    public bool IsPlane { get; private init; }

    public double Time { get; private init; }

    public double Loss { get; private init; }

    public double SquaredNorm { get; private init; }

    public double GradientNorm { get; private init; }

    public int Clusters { get; private init; }

    public int EffectiveWidth { get; private init; }

    public float[] LogIn { get; private set; } = [];

    public float[] LogOut { get; private set; } = [];

    public float[][] UnitIn { get; private set; } = [];

    public float[][] UnitOut { get; private set; } = [];

    public bool[][] Gates { get; private set; } = [];

    public static Frame Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        Encoding.ASCII.GetString(reader.ReadBytes(4)).ShouldBe("RFL1");
        uint[] head = [.. Enumerable.Range(0, 7).Select(_ => reader.ReadUInt32())];
        var frame = new Frame
        {
            Bytes = bytes,
            Request = head[0],
            Index = (int)head[1],
            M = (int)head[2],
            D = (int)head[3],
            C = (int)head[4],
            N = (int)head[5],
            IsLast = (head[6] & 1) != 0,
            IsPlane = (head[6] & 2) != 0,
            Time = reader.ReadDouble(),
            Loss = reader.ReadDouble(),
            SquaredNorm = reader.ReadDouble(),
            GradientNorm = reader.ReadDouble(),
            Clusters = reader.ReadInt32(),
            EffectiveWidth = reader.ReadInt32(),
        };
        float[] Floats(int count) => [.. Enumerable.Range(0, count).Select(_ => reader.ReadSingle())];
        int k = frame.IsPlane ? 2 : frame.D;
        frame.LogIn = Floats(frame.M);
        frame.LogOut = Floats(frame.M);
        frame.UnitIn = [.. Enumerable.Range(0, frame.M).Select(_ => Floats(k))];
        frame.UnitOut = [.. Enumerable.Range(0, frame.M).Select(_ => Floats(frame.C))];
        frame.Gates = [.. Enumerable.Range(0, frame.M).Select(_ => Bits(reader.ReadBytes((frame.N + 7) / 8), frame.N))];
        reader.BaseStream.Position.ShouldBe(bytes.Length);
        return frame;
    }

    /// <summary>f(x) of what the frame holds: Σ_j ‖a_j‖‖w_j‖ b_j σ(⟨u_j, x⟩), one output.</summary>
    public double Evaluate(double[] x) => Enumerable.Range(0, M).Where(j => LogIn[j] != LogOfZero && LogOut[j] != LogOfZero)
        .Sum(j => Math.Exp((double)LogIn[j] + LogOut[j]) * UnitOut[j][0] * Math.Max(0, UnitIn[j].Zip(x, (u, xi) => u * xi).Sum()));

    private static bool[] Bits(byte[] bytes, int count) => [.. Enumerable.Range(0, count).Select(k => (bytes[k / 8] >> (k % 8) & 1) != 0)];
}
