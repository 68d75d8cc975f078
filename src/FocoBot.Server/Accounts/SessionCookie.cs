using FocoBot.Http;
using FocoBot.Security;

namespace FocoBot.Accounts;

/// <summary>
/// The cookie of a web session. Its <c>__Host-</c> name makes browsers insist on https, this host and no wider path.
/// On a developer's own machine over plain http such a cookie would be refused, so there it has a plain name.
/// </summary>
public sealed class SessionCookie(ServerOptions options)
{
    internal const string SecureName = "__Host-focobot";
    internal const string PlainName = "focobot";

    /// <summary>The session token that the request carries, if it could be one of ours.</summary>
    public string? Read(HttpContext context) =>
        context.Request.Cookies[NameFor(context)] is { Length: > 0 and <= AccountLimits.Token } token ? token : null;

    public void Write(HttpContext context, string token) => context.Response.Cookies.Append(NameFor(context), token, Attributes(context));

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(NameFor(context), Attributes(context));

    private bool IsPlain(HttpContext context) => options.Development && !context.Request.IsHttps && LocalHost.Is(context.Request.Host);

    private string NameFor(HttpContext context) => IsPlain(context) ? PlainName : SecureName;

    private CookieOptions Attributes(HttpContext context) => new()
    {
        Secure = !IsPlain(context), HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", MaxAge = AccountLimits.SessionMax, IsEssential = true,
    };
}
