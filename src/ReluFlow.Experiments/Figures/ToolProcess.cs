using System.Diagnostics;

namespace ReluFlow.Experiments.Figures;

/// <summary>A <see cref="Tool"/> at work. One that is given up before its end is killed.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly string _name;
    private readonly Process _process;
    private readonly MemoryStream _output = new();
    private readonly Task _copying;
    private readonly Task<string> _complaint;

    public ToolProcess(string name, Process process)
    {
        _name = name;
        _process = process;
        _copying = process.StandardOutput.BaseStream.CopyToAsync(_output, CancellationToken.None);
        _complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Gives it a part of its input.</summary>
    public void Write(ReadOnlySpan<byte> input)
    {
        try
        {
            _process.StandardInput.BaseStream.Write(input);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It ended before it had read all; its status says why.
        }
    }

    /// <summary>Gives it the rest of its input, waits for its end and returns what it wrote.</summary>
    /// <exception cref="InputException">It failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public byte[] End(ReadOnlySpan<byte> input, CancellationToken cancellation)
    {
        using CancellationTokenRegistration kill = cancellation.Register(Kill);
        Write(input);
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // As above.
        }

        _process.WaitForExit();
        Task.WaitAll([_copying, _complaint], CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        return _process.ExitCode == 0
            ? _output.ToArray()
            : throw new InputException($"{_name} failed with status {_process.ExitCode}: {Excerpt.Of(_complaint.Result.Trim())}");
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _output.Dispose();
    }

    // Nothing where it has ended.
    private void Kill() => _process.Kill(entireProcessTree: true);
}
