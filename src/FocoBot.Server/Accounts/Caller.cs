using System.Security.Claims;

namespace FocoBot.Accounts;

/// <summary>Who makes a request: an account, through a web session or an API key.</summary>
public sealed record Caller(Guid AccountId, Guid? SessionId, Guid? ApiKeyId, bool IsAdmin)
{
    internal const string AccountClaim = "account";
    internal const string SessionClaim = "session";
    internal const string KeyClaim = "key";
    internal const string ScopeClaim = "scope";
    internal const string AdminRole = "admin";

    /// <summary>The caller of a request that passed authentication; minimal APIs bind it as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(From(context.User));

    /// <summary>The caller that <paramref name="user"/> stands for, or null for nobody.</summary>
    public static Caller? From(ClaimsPrincipal user) => user.FindFirstValue(AccountClaim) is { } account
        ? new Caller(Guid.Parse(account), Id(user, SessionClaim), Id(user, KeyClaim), user.IsInRole(AdminRole))
        : null;

    private static Guid? Id(ClaimsPrincipal user, string claim) => user.FindFirstValue(claim) is { } id ? Guid.Parse(id) : null;
}

/// <summary>What an API key may do. A web session may do all of it.</summary>
public static class Scopes
{
    public const string TasksRead = "tasks:read";
    public const string TasksWrite = "tasks:write";
    public const string Chat = "chat";
    public const string EventsRead = "events:read";
    public const string Links = "links";
    public const string AccountRead = "account:read";
    public const string DevicesRead = "devices:read";

    /// <summary>Linking, unlinking and changing devices.</summary>
    public const string DevicesWrite = "devices:write";
    public const string MessagesRead = "messages:read";

    /// <summary>Writing as the account's WhatsApp user.</summary>
    public const string MessagesSend = "messages:send";

    /// <summary>Settings, sessions and keys: never a default of a new key.</summary>
    public const string AccountWrite = "account:write";

    public static readonly IReadOnlyList<string> All = [TasksRead, TasksWrite, Chat, EventsRead, Links, DevicesRead, DevicesWrite, MessagesRead, MessagesSend, AccountRead, AccountWrite];

    /// <summary>Lets in a web session, or an API key that holds <paramref name="scope"/>.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope) where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(scope);
}
