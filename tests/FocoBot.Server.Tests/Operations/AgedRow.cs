using FocoBot.Storage;

namespace FocoBot.Tests.Operations;

/// <summary>A row whose age retention looks at: how to write one of a given age, and how to count what is left.</summary>
public sealed record AgedRow(string Name, TimeSpan KeptFor, string Insert, string Count)
{
    private const string Message = "INSERT INTO inbox (id, channel, provider_id, address, body, state, received_at, done_at) VALUES (@id, 'twilio', @text, 'whatsapp:+1', @bytes, 'done', @at, @at)";
    private const string Answer = "INSERT INTO outbox (id, channel, address, purpose, body, state, created_at, done_at) VALUES (@id, 'twilio', 'whatsapp:+1', 'reply', @bytes, 'delivered', @at, @at)";
    private const string BotSession = "INSERT INTO whatsapp_bot_sessions (id, user_id, address, fingerprint, session_token_hash, expires_at, max_expires_at, last_activity_at, is_active, revoked_at, created_at) VALUES (@id, @user, @text, @bytes, @bytes, ";
    private const string Violation = "INSERT INTO whatsapp_rate_limit_violations (id, phone, violation_type, first_violation_at, last_violation_at, expires_at) VALUES (@id, '+1', 'per_day', @at, @at, @at)";
    private const string Token = "INSERT INTO account_tokens (id, purpose, token_hash, created_at, used_at, expires_at) VALUES (@id, 'invite', @bytes, @at, ";
    private const string WebSession = "INSERT INTO web_sessions (id, user_id, token_hash, created_at, last_seen_at, expires_at) VALUES (@id, @user, @bytes, @at, ";

    public static IReadOnlyList<AgedRow> All { get; } =
    [
        new("inbox bodies", Days(7), Message, "SELECT count(*) FROM inbox WHERE body IS NOT NULL"),
        new("inbox rows", Days(30), Message, "SELECT count(*) FROM inbox"),
        new("outbox bodies", Days(7), Answer, "SELECT count(*) FROM outbox WHERE body IS NOT NULL"),
        new("outbox rows", Days(30), Answer, "SELECT count(*) FROM outbox"),
        new("provider ids", TimeSpan.Zero, "INSERT INTO whatsapp_processed_messages (id, message_sid, processed_at, expires_at) VALUES (@id, @text, @at, @at)", "SELECT count(*) FROM whatsapp_processed_messages"),
        new("commands", Days(30), "INSERT INTO focobot_command_history (id, user_id, channel, intent, success, duration_ms, created_at) VALUES (@id, @user, 'web', 'create', true, 1, @at)", "SELECT count(*) FROM focobot_command_history"),
        new("bot sessions that ran out", Days(90), BotSession + "@at, @at, @at, false, NULL, @at)", "SELECT count(*) FROM whatsapp_bot_sessions"),
        new("bot sessions that were revoked", Days(90), BotSession + "@later, @later, @at, false, @at, @at)", "SELECT count(*) FROM whatsapp_bot_sessions"),
        new("violations", Days(731), Violation, "SELECT count(*) FROM whatsapp_rate_limit_violations"),
        new("audit", Days(731), "INSERT INTO whatsapp_security_audit_log (id, action_type, success, created_at) VALUES (@id, 'message_received', true, @at)", "SELECT count(*) FROM whatsapp_security_audit_log"),
        new("deleted tasks", Days(30), "INSERT INTO tasks (id, user_id, title, deleted_at, created_at, updated_at) VALUES (@id, @user, 'x', @at, @at, @at)", "SELECT count(*) FROM tasks"),
        new("dialogs", Days(7), "INSERT INTO dialogs (address, user_id, state, updated_at) VALUES (@text, @user, @bytes, @at)", "SELECT count(*) FROM dialogs"),
        new("link requests", Days(2), "INSERT INTO link_requests (id, kind, subject, created_at) VALUES (@id, 'shown', '+1', @at)", "SELECT count(*) FROM link_requests"),
        new("used tokens", Days(7), Token + "@at, @later)", "SELECT count(*) FROM account_tokens"),
        new("expired tokens", Days(7), Token + "NULL, @at)", "SELECT count(*) FROM account_tokens"),
        new("web sessions past their end", TimeSpan.Zero, WebSession + "@later, @at)", "SELECT count(*) FROM web_sessions"),
        new("idle web sessions", Days(14), WebSession + "@at, @later)", "SELECT count(*) FROM web_sessions"),
    ];

    public override string ToString() => Name;

    /// <summary>Writes one such row.</summary>
    public Task WriteAsync(Work work, Guid user, DateTimeOffset at)
    {
        var id = Ids.New(TimeProvider.System);
        return work.ExecuteAsync(Insert, new { id, user, at, later = at.AddYears(5), text = id.ToString("N"), bytes = id.ToByteArray() });
    }

    private static TimeSpan Days(int days) => TimeSpan.FromDays(days);
}
