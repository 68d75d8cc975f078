using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.Storage;

namespace FocoBot.Channels.Web;

/// <summary>A message to the assistant.</summary>
/// <param name="Text">What to say, at most 4,096 characters.</param>
/// <param name="MessageId">An id of the caller's own, to repeat a call safely; a repeat acts once.</param>
public sealed record ChatRequest(string? Text, string? MessageId);

/// <summary>The assistant's answer.</summary>
/// <param name="MessageId">The message's id.</param>
/// <param name="Reply">What is said back; null while it is still being worked on (202) or when the message was a repeat.</param>
/// <param name="ErrorCode">Why nothing was done, if so.</param>
public sealed record ChatResponse(string MessageId, string? Reply, string? ErrorCode);

/// <summary>Talks to the assistant as the signed-in account, through the same pipeline as WhatsApp.</summary>
internal sealed class ChatEndpoint(Inbox inbox, ChatWaiters waiters, TimeProvider clock)
{
    private const int MaxText = 4_096;
    private const int MaxId = 64;
    private const char Separator = ':';
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder app)
    {
        var chat = app.ServiceProvider.GetRequiredService<ChatEndpoint>();
        app.MapPost("/api/chat", chat.SayAsync).RequireScope(Scopes.Chat).WithTags("Assistant")
            .WithName("chat").WithSummary("Say something to the assistant and get its answer.")
            .Produces<ChatResponse>().Produces<ChatResponse>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>The address of an account's web chat.</summary>
    public static string AddressOf(Guid account) => $"web:{account:N}";

    /// <summary>The id that a message was said with.</summary>
    public static string OwnIdOf(string providerId) => providerId[(providerId.IndexOf(Separator, StringComparison.Ordinal) + 1)..];

    public async Task<IResult> SayAsync(ChatRequest request, Caller caller, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(request.Text)) return Problem.Invalid("text", "Say something.");
        if (request.Text.Length > MaxText) return Problem.Invalid("text", $"At most {MaxText} characters.");
        if (request.MessageId is { } own && (own.Length is 0 or > MaxId || own.Any(char.IsControl))) return Problem.Invalid("messageId", $"1 to {MaxId} characters.");

        // Ids of different accounts must never meet.
        var id = request.MessageId ?? Ids.New(clock).ToString("N");
        var providerId = $"{caller.AccountId:N}{Separator}{id}";
        using var waiting = waiters.Begin(providerId);
        var message = new ReceivedMessage(ChannelNames.Web, providerId, AddressOf(caller.AccountId), caller.AccountId, new InboundContent { Text = InboundContent.Readable(request.Text) });
        var accepted = await inbox.AcceptAsync(message, cancellation).ConfigureAwait(false);
        if (!accepted.IsNew) return Results.Ok(new ChatResponse(id, null, null));
        try
        {
            var answer = await waiting.Answer.WaitAsync(Patience, clock, cancellation).ConfigureAwait(false);
            return Results.Ok(new ChatResponse(id, answer.Reply, answer.ErrorCode));
        }
        catch (TimeoutException)
        {
            return Results.Accepted(value: new ChatResponse(id, null, null));
        }
    }
}
