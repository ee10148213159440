using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using ReluFlow.Experiments;
using ReluFlow.Experiments.Runs;
using ReluFlow.Lab.Messages;

namespace ReluFlow.Lab.Sessions;

/// <summary>The runs of one page: one at a time computes and sends its frames; the last one is kept for questions.</summary>
internal sealed class SessionRuns(LabResources lab, SessionSocket socket) : IDisposable
{
    private (uint Request, FrameCredit Credit, CancellationTokenSource Cancelled, Task Task)? _inHand;
    private volatile LabRun? _kept;

    /// <summary>Begins a run when the one in hand, which is cancelled, has ended.</summary>
    public async Task StartAsync(uint request, LabExperiment asked, int credit, CancellationToken gone)
    {
        await EndAsync();
        var granted = new FrameCredit();
        granted.Grant(credit);
        var cancelled = CancellationTokenSource.CreateLinkedTokenSource(gone);
        _inHand = (request, granted, cancelled, Task.Run(() => RunAsync(request, asked, granted, cancelled.Token, gone), CancellationToken.None));
    }

    /// <summary>Grants frames to the run in hand; what is meant for another one comes too late and says nothing.</summary>
    public void Grant(uint request, int frames)
    {
        if (_inHand is { } run && run.Request == request)
        {
            run.Credit.Grant(frames);
        }
    }

    /// <summary>Cancels the run in hand, if it is this one.</summary>
    public void Cancel(uint request)
    {
        if (_inHand is { } run && run.Request == request)
        {
            run.Cancelled.Cancel();
        }
    }

    /// <summary>The run of a request that is in hand or the last one.</summary>
    /// <exception cref="RefusedException">It is neither.</exception>
    public LabRun Find(uint request) => _kept is { } run && run.Request == request
        ? run
        : throw new RefusedException($"of is {request}, which is no run that is kept; {(_kept is null ? "there is none yet" : $"the last one, {_kept.Request},")} is expected.", "of");

    /// <summary>Cancels the run in hand and waits for its end.</summary>
    public async Task EndAsync()
    {
        if (_inHand is not { } run)
        {
            return;
        }

        _inHand = null;
        await run.Cancelled.CancelAsync();
        await run.Task;
        run.Cancelled.Dispose();
        run.Credit.Dispose();
    }

    public void Dispose() => Keep(null);

    // Ends with a message whatever happens, unless there is nobody to tell.
    private async Task RunAsync(uint request, LabExperiment asked, FrameCredit credit, CancellationToken cancelled, CancellationToken gone)
    {
        try
        {
            await RunInTurnAsync(request, asked, credit, cancelled, gone);
        }
        catch (OperationCanceledException) when (!gone.IsCancellationRequested)
        {
            await TellAsync(request, ("the run was cancelled before it began.", null), gone);
        }
        catch (Exception exception) when (LabSession.WhyOf(exception) is { } why)
        {
            await TellAsync(request, why, gone);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The page is gone.
        }
    }

    private async Task RunInTurnAsync(uint request, LabExperiment asked, FrameCredit credit, CancellationToken cancelled, CancellationToken gone)
    {
        // What is still computed from the run before ends, and its memory is free for this one.
        Keep(null);
        if (!await lab.RunTurns.WaitAsync(0, cancelled))
        {
            await socket.SendAsync(new WaitingMessage(request), LabJson.Default.WaitingMessage, gone);
            await lab.TakeAsync(lab.RunTurns, cancelled);
        }

        LabRun run;
        Task<Summary> computing;
        try
        {
            run = Begin(request, asked, cancelled);
            computing = Task.Run(() => ComputeInTurn(run, cancelled), CancellationToken.None);
        }
        catch
        {
            lab.RunTurns.Release();
            throw;
        }

        int sent = await FramesAsync(run, credit, computing, cancelled, gone);
        Summary summary = await computing;
        var json = JsonElement.Parse(summary.ToJson());
        await socket.SendAsync(
            new FinishedMessage { Request = request, Status = KebabName.Of(summary.Status), Message = summary.Message, Frames = sent, LogGradientNorms = run.LogGradientNorms, Summary = json, Elapsed = summary.ElapsedSeconds },
            LabJson.Default.FinishedMessage,
            gone);
    }

    private LabRun Begin(uint request, LabExperiment asked, CancellationToken cancelled)
    {
        (Experiment experiment, RunCost cost) = asked.Resolve(lab.Limits, cancelled);
        HeldBytes.Reservation reservation = lab.RunMemory.TryReserve(cost.Bytes) ?? throw new RefusedException(string.Create(
            CultureInfo.InvariantCulture,
            $"the run would keep {RunCost.InMebibytes(cost.Bytes)} MiB, and all pages together keep {RunCost.InMebibytes(lab.RunMemory.Held)} of {RunCost.InMebibytes(lab.RunMemory.Most)} MiB; a smaller run is expected, or that another page is closed."));
        var run = new LabRun(request, experiment, reservation, lab.Limits.RunBytes - cost.Bytes);
        Keep(run);
        return run;
    }

    private Summary ComputeInTurn(LabRun run, CancellationToken cancelled)
    {
        try
        {
            return run.Compute(LabResources.ThreadsOfRun, lab.Options.Clock, cancelled);
        }
        finally
        {
            lab.RunTurns.Release();
        }
    }

    // Started, and the frames as they come and as far as the page has room for them; the number of frames sent. The computation has ended when this has.
    private async Task<int> FramesAsync(LabRun run, FrameCredit credit, Task<Summary> computing, CancellationToken cancelled, CancellationToken gone)
    {
        int sent = 0;
        try
        {
            await socket.SendAsync(Started(run), LabJson.Default.StartedMessage, gone);
            await foreach (SavedPoint saved in run.Saved.ReadAllAsync(cancelled))
            {
                await CreditAsync(credit, cancelled);
                await socket.SendAsync(run.Frames.Write(run.Request, saved, cancelled), gone);
                sent++;
            }
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            // What was computed stands.
        }
        finally
        {
            await ((Task)computing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return sent;
    }

    // What the page says meanwhile shows that it is there; from its last word on, or from when it was first waited for, it has so long.
    private async Task CreditAsync(FrameCredit credit, CancellationToken cancelled)
    {
        TimeSpan left = lab.Limits.Patience;
        while (!await credit.TakeWithinAsync(left, lab.Options.Clock, cancelled))
        {
            left = lab.Limits.Patience - socket.Silence;
            if (left <= TimeSpan.Zero)
            {
                await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, "no credit was granted for too long");
                throw new WebSocketException("The page granted no credit.");
            }
        }
    }

    private static StartedMessage Started(LabRun run) => new()
    {
        Request = run.Request,
        Id = run.Id,
        Width = run.Experiment.Problem.Start.Width,
        Dimension = run.Experiment.Problem.Data.InputDimension,
        Outputs = run.Experiment.Problem.Data.OutputDimension,
        Samples = run.Experiment.Problem.Data.Samples,
        Plane = run.Frames.Plane is { } plane ? MatrixRows.Of(plane) : null,
    };

    private async Task TellAsync(uint request, (string Message, string? Field) why, CancellationToken gone)
    {
        try
        {
            await socket.SendAsync(new ErrorMessage(request, why.Message, why.Field), LabJson.Default.ErrorMessage, gone);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The page is gone.
        }
    }

    private void Keep(LabRun? run)
    {
        if (_kept is not null)
        {
            lab.Runs.TryRemove(_kept.Id, out _);
            _kept.Dispose();
        }

        _kept = run;
        if (run is not null)
        {
            lab.Runs[run.Id] = run;
        }
    }
}
