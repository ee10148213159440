using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ReluFlow.Lab.Http;

/// <summary>Who may ask: pages of this server only, under a name that cannot be made to point here, and with the token where there is one.</summary>
/// <remarks>
/// Another site's page can send requests to a loopback address, by its own name once that resolves there (rebinding) or across origins; neither gets an answer.
/// A literal address cannot be rebound, so where the server listens on all addresses any literal one is right.
/// </remarks>
/// <param name="address">Where the server listens.</param>
/// <param name="token">The token; null for none.</param>
internal sealed class RequestGuard(IPAddress address, string? token)
{
    /// <summary>The header of the token.</summary>
    public const string TokenHeader = "X-ReluFlow-Token";

    /// <summary>What the sub-protocol of a WebSocket begins with that tells the token.</summary>
    public const string TokenProtocol = "reluflow.";

    private readonly byte[]? _token = token is null ? null : Encoding.ASCII.GetBytes(token);

    /// <summary>Why a request is refused, with the status; null where it is not.</summary>
    public (int Status, string Why)? Refusal(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!IsOwnName(request.Host, context.Connection.LocalPort))
        {
            return (StatusCodes.Status421MisdirectedRequest, $"the host '{Experiments.Excerpt.Of(request.Host.Value ?? "")}' is not this server's; the address that it printed is expected.");
        }

        StringValues origin = request.Headers.Origin;
        if (origin.Count > 0 && !string.Equals(origin.ToString(), $"http://{request.Host.Value}", StringComparison.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status403Forbidden, "the request comes from another site's page.");
        }

        bool isApi = request.Path.StartsWithSegments("/api", StringComparison.Ordinal);
        if (isApi && request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site && site.ToString() is not ("same-origin" or "none"))
        {
            return (StatusCodes.Status403Forbidden, "the request comes from another site's page.");
        }

        return isApi && !HasToken(context)
            ? (StatusCodes.Status403Forbidden, "the token is missing or wrong; open the whole address that reluflow serve printed.")
            : null;
    }

    /// <summary>The sub-protocol by which a page has told the token, to be confirmed; null where it told none.</summary>
    public static string? ProtocolOf(HttpContext context) => context.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(protocol => protocol.StartsWith(TokenProtocol, StringComparison.Ordinal));

    private bool HasToken(HttpContext context)
    {
        string? given = context.WebSockets.IsWebSocketRequest ? ProtocolOf(context)?[TokenProtocol.Length..] : context.Request.Headers[TokenHeader].ToString();
        return _token is null || (given is not null && CryptographicOperations.FixedTimeEquals(_token, Encoding.UTF8.GetBytes(given)));
    }

    private bool IsOwnName(HostString host, int port)
    {
        if ((host.Port ?? 80) != port)
        {
            return false;
        }

        bool isLiteral = IPAddress.TryParse(host.Host, out IPAddress? literal);
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
            ? isLiteral || IsName(host, "localhost") || IsName(host, Dns.GetHostName())
            : isLiteral
            ? address.Equals(literal) || (IPAddress.IsLoopback(address) && (literal!.Equals(IPAddress.Loopback) || literal.Equals(IPAddress.IPv6Loopback)))
            : IPAddress.IsLoopback(address) && IsName(host, "localhost");
    }

    private static bool IsName(HostString host, string name) => string.Equals(host.Host, name, StringComparison.OrdinalIgnoreCase);
}
