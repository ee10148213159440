namespace ReluFlow.Lab.Sessions;

/// <summary>
/// The requests of a page that take a while and are answered by messages: worked off one after the other, off the thread that reads. Of each kind the latest counts: the one before
/// ends, and its answer says so.
/// </summary>
/// <param name="tell">Tells the page why a request has no other answer.</param>
internal sealed class Questions(Func<uint, RefusedException, Task> tell) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Question> _waiting = [];
    private readonly SemaphoreSlim _added = new(0);
    private Question? _inHand;

    /// <summary>Adds a request in place of one of its kind; one that was waiting is answered here.</summary>
    /// <param name="request">The request.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="answer">Answers it; the token ends it when it is superseded.</param>
    public async Task AddAsync(uint request, string kind, Func<CancellationToken, Task> answer)
    {
        var question = new Question(request, kind, answer);
        Question? superseded;
        lock (_lock)
        {
            superseded = _waiting.Find(other => other.Kind == kind);
            if (superseded is not null)
            {
                _waiting.Remove(superseded);
            }

            if (_inHand?.Kind == kind)
            {
                _inHand.Superseded.Cancel();
            }

            _waiting.Add(question);
        }

        if (superseded is null)
        {
            _added.Release();
            return;
        }

        superseded.Dispose();
        await tell(superseded.Request, superseded.Why);
    }

    /// <summary>Works off what was asked for until it is cancelled.</summary>
    /// <param name="refuse">Takes what an answer throws, other than that it was superseded.</param>
    /// <param name="gone">Ends the work.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task WorkAsync(Func<uint, Exception, Task> refuse, CancellationToken gone)
    {
        while (true)
        {
            await _added.WaitAsync(gone);
            using Question question = Next();
            try
            {
                await question.Answer(question.Superseded.Token);
            }
            catch (OperationCanceledException) when (question.Superseded.IsCancellationRequested && !gone.IsCancellationRequested)
            {
                await tell(question.Request, question.Why);
            }
            catch (Exception exception)
            {
                await refuse(question.Request, exception);
            }
            finally
            {
                lock (_lock)
                {
                    _inHand = null;
                }
            }
        }
    }

    public void Dispose()
    {
        _waiting.ForEach(question => question.Dispose());
        _added.Dispose();
    }

    private Question Next()
    {
        lock (_lock)
        {
            _inHand = _waiting[0];
            _waiting.RemoveAt(0);
            return _inHand;
        }
    }

    private sealed record Question(uint Request, string Kind, Func<CancellationToken, Task> Answer) : IDisposable
    {
        public CancellationTokenSource Superseded { get; } = new();

        public RefusedException Why => new($"this {Kind} was not answered to the end, since another one came.");

        public void Dispose() => Superseded.Dispose();
    }
}
