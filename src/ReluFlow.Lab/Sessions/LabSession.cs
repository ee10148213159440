using System.Net.WebSockets;
using System.Text.Json;
using ReluFlow.Experiments;
using ReluFlow.Lab.Messages;

namespace ReluFlow.Lab.Sessions;

/// <summary>One page: reads its requests, and answers each by a message or by a run.</summary>
internal sealed class LabSession : IDisposable
{
    private static readonly string[] s_kinds = ["prepare", "run", "credit", "cancel", "reduce", "ledger"];

    // What a message may have is little; its depth keeps a reader off the end of the stack.
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private readonly LabResources _lab;
    private readonly SessionSocket _socket;
    private readonly CancellationTokenSource _gone;
    private readonly SessionRuns _runs;
    private readonly Preparations _preparations;
    private readonly Questions _prepared, _questions;

    /// <param name="lab">What all pages share.</param>
    /// <param name="socket">The page's socket; disposed with the session.</param>
    /// <param name="cancellation">Ends the session: the lab stops, or the connection is gone.</param>
    public LabSession(LabResources lab, WebSocket socket, CancellationToken cancellation)
    {
        _lab = lab;
        _socket = new SessionSocket(socket, lab.Limits, lab.Options.Clock);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _runs = new SessionRuns(lab, _socket);
        _preparations = new Preparations(lab, _socket);
        _prepared = NewQuestions();
        _questions = NewQuestions();
    }

    /// <summary>Serves the page until it goes.</summary>
    public async Task RunAsync()
    {
        Task working = Task.WhenAll(WorkAsync(_prepared), WorkAsync(_questions));
        try
        {
            while (await _socket.ReceiveAsync(_gone.Token) is { } text)
            {
                await ReadAsync(text);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The page is gone; there is nobody to tell.
        }
        finally
        {
            await _gone.CancelAsync();
            await working;
            await _runs.EndAsync();
        }
    }

    public void Dispose()
    {
        _runs.Dispose();
        _prepared.Dispose();
        _questions.Dispose();
        _socket.Dispose();
        _gone.Dispose();
    }

    private async Task ReadAsync(ReadOnlyMemory<byte> text)
    {
        uint? request = null;
        try
        {
            using JsonDocument document = Parse(text);
            (request, string kind) = Head(document.RootElement);
            await DispatchAsync(request.Value, kind, document.RootElement);
        }
        catch (Exception exception) when (WhyOf(exception) is { } why)
        {
            await _socket.SendAsync(new ErrorMessage(request, why.Message, why.Field), LabJson.Default.ErrorMessage, _gone.Token);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            RequireUnicode(text.Span);
            return JsonDocument.Parse(text, s_json);
        }
        catch (JsonException malformed)
        {
            throw new RefusedException($"the message is not valid JSON: {malformed.Message.ReplaceLineEndings(" ")}");
        }
    }

    // Half a surrogate pair, which JSON can escape, is no text.
    private static void RequireUnicode(ReadOnlySpan<byte> json)
    {
        if (!json.Contains((byte)'\\'))
        {
            return;
        }

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = s_json.MaxDepth });
        try
        {
            while (reader.Read())
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
            }
        }
        catch (InvalidOperationException)
        {
            throw new RefusedException("the message has a text that is not valid Unicode.");
        }
    }

    private static (uint Request, string Kind) Head(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new RefusedException("the message is no JSON object; one with kind and request is expected.");
        }

        MessageFields head = new(root, "", [.. root.EnumerateObject().Select(field => field.Name)]);
        uint request = (uint)(head.Whole("request", 0, uint.MaxValue) ?? throw head.Missing("request", "a whole number"));
        return (request, head.Text("kind", "a kind of message") ?? throw head.Missing("kind", "one of " + string.Join(", ", s_kinds)));
    }

    private async Task DispatchAsync(uint request, string kind, JsonElement root)
    {
        MessageFields Fields(params string[] own) => new(root, "", ["kind", "request", .. own]);
        switch (kind)
        {
            case "prepare":
                MessageFields prepare = Fields("experiment", "longer");
                (LabExperiment, bool) prepared = (ReadExperiment(prepare), prepare.Truth("longer") ?? false);
                await _prepared.AddAsync(request, kind, superseded => _preparations.AnswerAsync(request, prepared, superseded, _gone.Token));
                break;
            case "run":
                MessageFields run = Fields("experiment", "credit");
                await _runs.StartAsync(request, ReadExperiment(run), (int?)run.Whole("credit", 0, int.MaxValue) ?? 0, _gone.Token);
                break;
            case "credit":
                MessageFields credit = Fields("frames");
                _runs.Grant(request, (int)(credit.Whole("frames", 1, int.MaxValue) ?? throw credit.Missing("frames", "a positive whole number")));
                break;
            case "cancel":
                _ = Fields();
                _runs.Cancel(request);
                break;
            case "reduce":
                MessageFields reduce = Fields("of", "frame", "merge", "prune");
                LabRun reduced = _runs.Find(RunOf(reduce));
                int frame = (int)(reduce.Whole("frame", 0, int.MaxValue) ?? throw reduce.Missing("frame", "a whole number"));
                var reduction = new LiveReduction(reduce.Groups("merge") ?? [], reduce.Indices("prune") ?? []);
                await AskAsync(request, kind, reduced, _ =>
                {
                    ReducedMessage answer = reduction.Answer(request, reduced.Experiment.Problem, reduced.PointOf(frame).Network);
                    return () => _socket.SendAsync(answer, LabJson.Default.ReducedMessage, _gone.Token);
                });
                break;
            case "ledger":
                MessageFields ledger = Fields("of", "frame");
                LabRun told = _runs.Find(RunOf(ledger));
                int? at = (int?)ledger.Whole("frame", 0, int.MaxValue);
                await AskAsync(request, kind, told, cancellation =>
                {
                    LedgerMessage answer = LedgerAnswer.Of(request, told, at, cancellation);
                    return () => _socket.SendAsync(answer, LabJson.Default.LedgerMessage, _gone.Token);
                });
                break;
            default:
                throw new RefusedException($"kind is '{Excerpt.Of(kind)}'; one of {string.Join(", ", s_kinds)} is expected.", "kind");
        }
    }

    private LabExperiment ReadExperiment(MessageFields fields) => new ExperimentReader(_lab.Limits, _lab.Uploads.Find).Read(fields.Element("experiment"));

    private static uint RunOf(MessageFields fields) => (uint)(fields.Whole("of", 0, uint.MaxValue) ?? throw fields.Missing("of", "the request of a run"));

    // Computed in turn, sent out of it: a page that does not read keeps nobody from computing.
    private Task AskAsync(uint request, string kind, LabRun run, Func<CancellationToken, Func<Task>> answer) => _questions.AddAsync(request, kind, async superseded =>
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(superseded, run.LetGo, _gone.Token);
        Func<Task> send;
        try
        {
            send = await _lab.InTurnAsync(() => answer(ends.Token), ends.Token);
        }
        catch (OperationCanceledException) when (run.LetGo.IsCancellationRequested && !superseded.IsCancellationRequested && !_gone.IsCancellationRequested)
        {
            throw new RefusedException($"run {run.Request} is not kept any more, since another one was asked for.", "of");
        }

        await send();
    });

    private Questions NewQuestions() => new((request, why) => TryTellAsync(request, (why.Message, why.Field)));

    // Theory takes seconds; what is asked of a run that is there does not wait for it.
    private async Task WorkAsync(Questions questions)
    {
        try
        {
            await questions.WorkAsync(RefuseAsync, _gone.Token);
        }
        catch (OperationCanceledException)
        {
            // The page is gone.
        }
    }

    private async Task RefuseAsync(uint request, Exception exception)
    {
        if (WhyOf(exception) is { } why)
        {
            await TryTellAsync(request, why);
        }
        else
        {
            await _gone.CancelAsync();
        }
    }

    private async Task TryTellAsync(uint request, (string Message, string? Field) why)
    {
        try
        {
            await _socket.SendAsync(new ErrorMessage(request, why.Message, why.Field), LabJson.Default.ErrorMessage, _gone.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            await _gone.CancelAsync();
        }
    }

    /// <summary>What a page is told of an exception; null of one that means that the page is gone.</summary>
    public static (string Message, string? Field)? WhyOf(Exception exception) => exception switch
    {
        RefusedException refused => (refused.Message, refused.Field),
        InputException input => (input.Message, null),
        WebSocketException or OperationCanceledException or IOException => null,

        // The session is the outermost part of the program that one page sees: a defect must not take the others with it.
        _ => ($"this is a defect of the program, please report it: {exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}", null),
    };
}
