using System.ComponentModel;
using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Security;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Channels.Web;

/// <summary>Something that was said in the web chat.</summary>
/// <param name="Id">Of what the account said, the <c>messageId</c> it was said with.</param>
/// <param name="Role"><c>user</c>, or <c>assistant</c> for an answer.</param>
/// <param name="Text">What was said; null when it is no longer kept.</param>
/// <param name="At">When.</param>
public sealed record SaidView(string Id, string Role, string? Text, DateTimeOffset At);

/// <summary><c>GET /api/chat</c>: the web chat, newest first.</summary>
internal static class ChatHistory
{
    public static void MapChatHistory(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/chat", ListAsync).RequireScope(Scopes.Chat).WithTags("Assistant").MayRefuse(422, "INVALID")
            .WithName("chatHistory").WithSummary("What was said to the assistant in the web chat and what it answered, newest first");

    private static async Task<Results<Ok<Page<SaidView>>, ProblemHttpResult>> ListAsync(
        Caller caller, Database database, Keyring keyring, Cursors cursors, CancellationToken cancellation,
        [Description("1 to 200; each with its answers")] int limit = HttpLimits.DefaultPage,
        [Description("The nextCursor of the page before")] string? cursor = null)
    {
        if (PageSize.Check(limit) is { } refusal) return refusal;
        var list = $"chat {caller.AccountId}";
        if (!cursors.TryRead<Position>(list, cursor, out var after)) return PageSize.BadCursor();
        var address = ChatEndpoint.AddressOf(caller.AccountId);
        return await database.AsAccount(caller.AccountId).ReadAsync(async Task<Results<Ok<Page<SaidView>>, ProblemHttpResult>> (work) =>
        {
            var said = await work.QueryAsync<Said>(
                $"""
                SELECT id, provider_id AS providerId, body, received_at AS at FROM inbox
                WHERE address = @address AND channel = @Web {(after is null ? "" : "AND (received_at, id) < (@At, @Id)")} ORDER BY received_at DESC, id DESC LIMIT @limit
                """, new { address, ChannelNames.Web, after?.At, after?.Id, limit = limit + 1 }).ConfigureAwait(false);
            if (said.Count == 0) return TypedResults.Ok(new Page<SaidView>([], null));
            var page = said.Take(limit).ToList();
            var answers = await work.QueryAsync<Answer>(
                """
                SELECT id, inbox_id AS inboxId, body, created_at AS at FROM outbox
                WHERE inbox_id IN (SELECT id FROM inbox WHERE address = @address AND received_at BETWEEN @From AND @To) ORDER BY id DESC
                """, new { address, From = page[^1].At, To = page[0].At }).ConfigureAwait(false);
            var key = await keyring.OfAsync(work, caller.AccountId).ConfigureAwait(false);
            var to = answers.ToLookup(answer => answer.InboxId, answer => new SaidView(answer.Id.ToString(), "assistant", answer.Body is null ? null : key.OpenJson<OutboxBody>(Outbox.BodyColumn, answer.Id, answer.Body).Text, answer.At));
            var views = page.SelectMany(one => to[one.Id].Append(new SaidView(
                ChatEndpoint.OwnIdOf(one.ProviderId), "user", one.Body is null ? null : keyring.Service.OpenJson<InboundContent>(Inbox.BodyColumn, one.Id, one.Body).Text, one.At)));
            return TypedResults.Ok(new Page<SaidView>([.. views], said.Count > limit ? cursors.Write(list, new Position(page[^1].At, page[^1].Id)) : null));
        }, cancellation).ConfigureAwait(false);
    }

    private sealed record Position(DateTimeOffset At, Guid Id);

    private sealed record Said(Guid Id, string ProviderId, byte[]? Body, DateTimeOffset At);

    private sealed record Answer(Guid Id, Guid InboxId, byte[]? Body, DateTimeOffset At);
}
