using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Runs;
using ReluFlow.Lab.Messages;
using ReluFlow.Lab.Sessions;

namespace ReluFlow.Lab.Http;

/// <summary>Answers the requests of pages: the page's own files, data, exports, and the socket of a session.</summary>
internal sealed class LabRequests(LabResources lab, RequestGuard guard, CancellationToken stopping)
{
    private const string Json = "application/json", ExportPrefix = "/api/runs/", ExportSuffix = "/export.zip";

    // No script, style or picture from elsewhere, nothing inline, no frame around the page, and no guessing at types.
    private static readonly (string Name, string Value)[] s_headers =
    [
        ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-cache"),
    ];

    private const int PieceBytes = 1 << 16;

    private readonly UploadReader _uploads = new(lab);
    private int _sessions;

    /// <summary>How many pages are connected.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        foreach ((string name, string value) in s_headers)
        {
            context.Response.Headers[name] = value;
        }

        try
        {
            await (guard.Refusal(context) is var (status, why) ? RefuseAsync(context, status, why) : DispatchAsync(context));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or WebSocketException)
        {
            // The page is gone.
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted && LabSession.WhyOf(exception) is { } reason)
        {
            int code = exception switch
            {
                RefusedException refused => refused.Status,
                InputException => StatusCodes.Status400BadRequest,
                _ => StatusCodes.Status500InternalServerError,
            };
            await RefuseAsync(context, code, reason.Message);
        }
    }

    private Task DispatchAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        (string Method, Func<Task> Answer)? found = path switch
        {
            "/api/session" => (HttpMethods.Get, () => SessionAsync(context)),
            "/api/data" => (HttpMethods.Post, () => UploadAsync(context)),
            "/api/builtins" => (HttpMethods.Get, () => SendAsync(context, Json, Builtins.Json)),
            "/favicon.ico" => (HttpMethods.Get, () => NoContent(context)),
            _ when ExportedRun(path) is { } id => (HttpMethods.Get, () => ExportAsync(context, id)),
            _ => PageFiles.Find(path) is { } file ? (HttpMethods.Get, () => SendAsync(context, file.ContentType, file.Bytes)) : null,
        };
        return found is not var (method, answer) ? RefuseAsync(context, StatusCodes.Status404NotFound, "there is nothing of this name.")
            : context.Request.Method == method ? answer()
            : RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, $"the method {Excerpt.Of(context.Request.Method)} has no meaning here; {method} is expected.");
    }

    private async Task SessionAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "a WebSocket is expected.");
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _sessions) > lab.Limits.Connections)
            {
                await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{lab.Limits.Connections} pages are connected, as many as are allowed; one of them has to be closed first.");
                return;
            }

            WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(RequestGuard.ProtocolOf(context));
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
            using var session = new LabSession(lab, socket, gone.Token);
            await session.RunAsync();
        }
        finally
        {
            Interlocked.Decrement(ref _sessions);
        }
    }

    private async Task UploadAsync(HttpContext context) =>
        await SendAsync(context, Json, JsonSerializer.SerializeToUtf8Bytes(await _uploads.ReadAsync(context), LabJson.Default.DataAnswer));

    // The id between /api/runs/ and /export.zip; null where the path is another.
    private static string? ExportedRun(string path) =>
        path.StartsWith(ExportPrefix, StringComparison.Ordinal) && path.EndsWith(ExportSuffix, StringComparison.Ordinal) && path.Length >= ExportPrefix.Length + ExportSuffix.Length
            ? path[ExportPrefix.Length..^ExportSuffix.Length]
            : null;

    private async Task ExportAsync(HttpContext context, string id)
    {
        if (!lab.Runs.TryGetValue(id, out LabRun? run))
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "there is no run of this id any more; it goes with its page, or with the next run of it.");
            return;
        }

        Experiment experiment = run.Experiment;
        using HeldBytes.Reservation? memory = lab.RunMemory.TryReserve(RunCost.BytesOfExport(experiment.Problem));
        if (memory is null)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "there is no memory for an export now; it can be tried again when a page has been closed.");
            return;
        }

        ReadOnlyMemory<byte> zip = await lab.InTurnAsync(() => Archive(experiment), context.RequestAborted);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{experiment.Spec.Name}.zip\"";
        await SendAsync(context, "application/zip", zip);
    }

    private static ReadOnlyMemory<byte> Archive(Experiment experiment)
    {
        var zip = new MemoryStream((int)Math.Min(Array.MaxLength, RunCost.LargestArchive(experiment.Problem)));
        ExperimentArchive.Write(zip, experiment);
        return zip.GetBuffer().AsMemory(0, (int)zip.Length);
    }

    private static Task NoContent(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;

        // What is left of a body is not read.
        context.Response.Headers.Connection = "close";
        return SendAsync(context, Json, JsonSerializer.SerializeToUtf8Bytes(new ErrorAnswer(why), LabJson.Default.ErrorAnswer));
    }

    // In pieces, since the server copies each before it waits for the client; one that does not take all of them in time is cut off.
    private async Task SendAsync(HttpContext context, string contentType, ReadOnlyMemory<byte> bytes)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        using var time = new CancellationTokenSource(lab.Limits.Patience, lab.Options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, context.RequestAborted);
        for (int start = 0; start < bytes.Length; start += PieceBytes)
        {
            await context.Response.Body.WriteAsync(bytes.Slice(start, Math.Min(PieceBytes, bytes.Length - start)), either.Token);
        }
    }
}
