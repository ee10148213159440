namespace ReluFlow.Lab;

/// <summary>A request of a page that is not carried out; the page is told why, and the lab goes on.</summary>
/// <param name="message">One line: what, the value, what was expected.</param>
/// <param name="field">The field of the request that is to blame; null where it is none.</param>
/// <param name="status">The HTTP status, where the request came by HTTP.</param>
internal sealed class RefusedException(string message, string? field = null, int status = 400) : Exception(message)
{
    public string? Field { get; } = field;

    public int Status { get; } = status;
}
