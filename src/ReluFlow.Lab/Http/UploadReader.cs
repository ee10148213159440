using Microsoft.AspNetCore.Http;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Data;
using ReluFlow.Lab.Messages;
using ReluFlow.Networks;

namespace ReluFlow.Lab.Http;

/// <summary>Takes uploaded data files: bounded before and while they come, and read in turn once they are there.</summary>
internal sealed class UploadReader(LabResources lab)
{
    private const int LongestName = 200, ChunkBytes = 1 << 16, LongestLine = 1 << 12, Mebibyte = 1 << 20;

    private readonly LabLimits _limits = lab.Limits;

    /// <summary>Reads the body of a request as a data set and keeps it.</summary>
    /// <exception cref="RefusedException">It is too large, too slow, or its numbers are beyond the limits.</exception>
    /// <exception cref="InputException">It is no data file.</exception>
    /// <exception cref="OperationCanceledException">The page is gone.</exception>
    public async Task<DataAnswer> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > _limits.UploadBytes)
        {
            throw TooLarge();
        }

        using var time = new CancellationTokenSource(_limits.Patience, lab.Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, context.RequestAborted);
        try
        {
            using HeldBytes.Reservation memory = lab.BodyMemory.TryReserve(0)!;
            using MemoryStream content = await BodyAsync(context.Request, memory, either.Token);
            string name = NameOf(context.Request);
            Dataset data = await lab.InTurnAsync(() => Read(content, name, either.Token), either.Token);
            (double[][]? inputs, double[][]? targets) = MatrixRows.Of(data);
            return new DataAnswer { Id = lab.Uploads.Add(data), Name = name, Samples = data.Samples, Dimension = data.InputDimension, Outputs = data.OutputDimension, Inputs = inputs, Targets = targets };
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new RefusedException($"the upload took longer than {_limits.Patience.TotalSeconds:0} s.", status: StatusCodes.Status408RequestTimeout);
        }
    }

    private Dataset Read(MemoryStream content, string name, CancellationToken cancellation)
    {
        // Before any memory is taken for numbers; the shape is checked after. What is compressed may not be larger than what is not.
        var limits = new DataLimits { Values = (long)_limits.Samples * (_limits.InputDimension + _limits.Outputs), Bytes = _limits.UploadBytes };
        try
        {
            return LabData.Within(_limits, DataSource.Read(content, name, limits, cancellation), "upload");
        }
        catch (InputException malformed) when (HasSemicolons(content))
        {
            throw new RefusedException($"{malformed.Message} Its columns are parted by semicolons: commas are expected, and a point before decimals.");
        }
    }

    // What spreadsheets of many countries call CSV.
    private static bool HasSemicolons(MemoryStream content)
    {
        ReadOnlySpan<byte> start = content.GetBuffer().AsSpan(0, (int)Math.Min(content.Length, LongestLine));
        int end = start.IndexOf((byte)'\n');
        return !start.Contains((byte)0) && (end < 0 ? start : start[..end]).Contains((byte)';');
    }

    // No turn is taken meanwhile, since a client may be as slow as it likes; memory is, as far as bytes have come.
    private async Task<MemoryStream> BodyAsync(HttpRequest request, HeldBytes.Reservation memory, CancellationToken cancellation)
    {
        var content = new MemoryStream();
        var chunk = new byte[ChunkBytes];
        int count;
        while ((count = await request.Body.ReadAsync(chunk, cancellation)) > 0)
        {
            if (content.Length + count > _limits.UploadBytes)
            {
                throw TooLarge();
            }

            Grow(content, content.Length + count, memory);
            content.Write(chunk, 0, count);
        }

        content.Position = 0;
        return content;
    }

    private void Grow(MemoryStream content, long length, HeldBytes.Reservation memory)
    {
        if (length <= content.Capacity)
        {
            return;
        }

        int capacity = (int)Math.Min(_limits.UploadBytes, Math.Max(length, 2L * content.Capacity));
        if (!memory.TryGrow(capacity - content.Capacity))
        {
            throw new RefusedException("too many other uploads are on their way; it can be tried again when they are there.", status: StatusCodes.Status503ServiceUnavailable);
        }

        content.Capacity = capacity;
    }

    // A label and an extension; no file of this name is opened.
    private static string NameOf(HttpRequest request)
    {
        string last = request.Query["name"].ToString().Split('/', '\\')[^1];
        string name = Excerpt.Of(last.Length <= LongestName ? last : last[^LongestName..]);
        return name.Length == 0 ? "upload" : name;
    }

    private RefusedException TooLarge()
    {
        string most = _limits.UploadBytes % Mebibyte == 0 ? $"{_limits.UploadBytes / Mebibyte} MiB" : $"{_limits.UploadBytes} bytes";
        return new($"the file is larger than {most}, the most that are allowed.", status: StatusCodes.Status413PayloadTooLarge);
    }
}
