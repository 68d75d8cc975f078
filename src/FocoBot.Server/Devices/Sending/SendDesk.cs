using System.Text.Json;
using FocoBot.Accounts;
using FocoBot.Devices.Files;
using FocoBot.Http;
using FocoBot.Messages;
using FocoBot.Storage;
using FocoBot.WhatsApp;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Sending;

/// <summary>Where messages are handed in. What is accepted will be sent: a file is here, whole and of the right kind, before its message is.</summary>
internal sealed class SendDesk(Database database, DeviceKeys keys, DeviceOutbox outbox, DeviceSupervisor supervisor, Recipients recipients, MediaReceiver receiver, MediaSpool spool, TimeProvider clock)
{
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);

    /// <summary>Takes a message, as JSON or as a form with a file.</summary>
    public async Task<Results<Accepted<SendAnswer>, ProblemHttpResult>> SendAsync(Guid id, Caller caller, HttpRequest request, string? key)
    {
        if (request.HasFormContentType) return await SendFormAsync(id, caller, request, key).ConfigureAwait(false);
        var (wanted, unread) = await ReadJsonAsync(request).ConfigureAwait(false);
        if (wanted is null) return unread!;
        if (wanted.Check(clock.GetUtcNow(), hasFile: false) is { } problem) return problem;
        var wish = new Wish(wanted, key);
        return wanted.MediaUrl is null ? await AcceptAsync(id, caller, request.HttpContext, Ids.New(clock), wish, file: null).ConfigureAwait(false) : await SendUrlAsync(id, caller, request.HttpContext, wish).ConfigureAwait(false);
    }

    private async Task<Results<Accepted<SendAnswer>, ProblemHttpResult>> SendUrlAsync(Guid id, Caller caller, HttpContext context, Wish wish)
    {
        var (device, problem) = await FindForFileAsync(id, caller, context).ConfigureAwait(false);
        if (device is null) return problem!;
        // A repeat fetches nothing: the address may have ended meanwhile.
        var (isRepeat, before) = wish.Key is null ? (false, null)
            : await database.AsAccount(caller.AccountId).ReadAsync(work => DeviceOutbox.BeforeAsync(work, device, wish), context.RequestAborted).ConfigureAwait(false);
        if (isRepeat) return Answer(before, resolvedTo: null);
        var row = Ids.New(clock);
        var received = await receiver.FetchAsync(device, row, wish.Request, context.RequestAborted).ConfigureAwait(false);
        using var file = received.File;
        return file is null ? received.Problem! : await AcceptFileAsync(id, caller, context, row, wish, file).ConfigureAwait(false);
    }

    private async Task<Results<Accepted<SendAnswer>, ProblemHttpResult>> SendFormAsync(Guid id, Caller caller, HttpRequest request, string? key)
    {
        var (device, problem) = await FindForFileAsync(id, caller, request.HttpContext).ConfigureAwait(false);
        if (device is null) return problem!;
        var row = Ids.New(clock);
        var received = await receiver.ReadAsync(device, row, request, request.HttpContext.RequestAborted).ConfigureAwait(false);
        using var file = received.File;
        if (received.Request is not { } wanted) return received.Problem!;
        if (file is null) return Problem.Invalid("file", "The form has no file.");
        if (wanted.Check(clock.GetUtcNow(), hasFile: true) is { } wrong) return wrong;
        return await AcceptFileAsync(id, caller, request.HttpContext, row, new Wish(wanted, key) { Sha256 = file.Sha256 }, file).ConfigureAwait(false);
    }

    private async Task<Results<Accepted<SendAnswer>, ProblemHttpResult>> AcceptFileAsync(Guid id, Caller caller, HttpContext context, Guid row, Wish wish, ArrivedFile file)
    {
        var (kind, most) = (wish.Request.MessageType!, MediaKinds.MostBytes(wish.Request.MessageType!));
        if (file.Size > most) return MediaReceiver.TooLarge(most);
        if (file.Size == 0 || MediaKinds.MimeOf(kind, file.SaidType, file.Head) is not { } mime) return Problem.Invalid(wish.Request.MediaUrl is null ? "file" : "mediaUrl", MediaKinds.Wanted(kind));
        var name = kind == "document" ? FileNames.Clean(wish.Request.FileName) ?? FileNames.Clean(file.Name) : null;
        return await AcceptAsync(id, caller, context, row, wish with { File = new OutboxFile(mime, name, file.Size) }, file).ConfigureAwait(false);
    }

    private async Task<Results<Accepted<SendAnswer>, ProblemHttpResult>> AcceptAsync(Guid id, Caller caller, HttpContext context, Guid message, Wish wish, ArrivedFile? file)
    {
        var asked = wish.Request.Recipient()!.Value;
        var (device, row, answered) = await LookAsync(id, caller, wish, asked, context.RequestAborted).ConfigureAwait(false);
        if (device is null) return answered!;
        // What WhatsApp says of a number is worth a moment; a repeat does not ask again.
        var recipient = await recipients.FindAsync(supervisor.Find(id), row!, device, asked, context.RequestAborted).ConfigureAwait(false);
        if (recipient.Refusal is { } refusal) return Problem.Of(refusal == Refusal.InvalidRecipient ? 422 : 409, refusal, Refusal.ReasonOf(refusal)!);
        // Not given up half-way: whether its file is to be kept must be known.
        return await database.AsAccount(caller.AccountId).WriteAsync(async Task<Results<Accepted<SendAnswer>, ProblemHttpResult>> (work) =>
        {
            if (await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { Wrapped: not null } row) return DeviceEndpoints.Unknown();
            if (DeviceTrouble.OfSending(row) is { } trouble) return trouble.ToProblem();
            OutboxTarget? target = null;
            if (wish.Request.ReplyTo is { } about)
            {
                if (await MessageList.FindAsync(work, device, about).ConfigureAwait(false) is not var (found, _)) return Problem.Invalid("replyTo", "There is no such message.");
                target = new OutboxTarget(found.Chat, found.MessageId, found.Sender, found.Direction == "outbound", found.Text);
            }

            if (!recipient.IsKnown && await NewChats.BeginAsync(work, id, recipient.Chat, clock.GetUtcNow()).ConfigureAwait(false) is { } wait) return Problem.RateLimited(context, wait.Wait, Refusal.ReachoutLimited, wait.Detail);
            var accepted = await outbox.AcceptAsync(work, device, row, message, recipient.Chat, wish, target).ConfigureAwait(false);
            if (file is not null && accepted?.Row == message) work.OnCommit(file.Keep);
            return Answer(accepted, recipient.ResolvedTo);
        }, CancellationToken.None).ConfigureAwait(false);
    }

    // The device, unless it takes no messages or this one was accepted before.
    private async Task<(KeptDevice? Device, DeviceRow? Row, Results<Accepted<SendAnswer>, ProblemHttpResult>? Answer)> LookAsync(Guid id, Caller caller, Wish wish, Jid asked, CancellationToken cancellation) =>
        await database.AsAccount(caller.AccountId).ReadAsync<(KeptDevice?, DeviceRow?, Results<Accepted<SendAnswer>, ProblemHttpResult>?)>(async work =>
        {
            if (await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) is not { Wrapped: { } wrapped } row) return (null, null, DeviceEndpoints.Unknown());
            if (DeviceTrouble.OfSending(row) is { } trouble) return (null, null, trouble.ToProblem());
            var device = new KeptDevice(row.Id, row.AccountId, keys.Open(row.Id, wrapped));
            if (wish.Key is null || await DeviceOutbox.BeforeAsync(work, device, wish).ConfigureAwait(false) is not (true, var before)) return (device, row, null);
            return (null, null, Answer(before, (await recipients.LookAsync(work, row, asked).ConfigureAwait(false)).ResolvedTo));
        }, cancellation).ConfigureAwait(false);

    private static Results<Accepted<SendAnswer>, ProblemHttpResult> Answer(Accepted? accepted, string? resolvedTo) => accepted is null
        ? Problem.Of(422, "IDEMPOTENCY_MISMATCH", "This Idempotency-Key came with another message before.")
        : TypedResults.Accepted((string?)null, new SendAnswer(accepted.Row, accepted.MessageId, accepted.Status, resolvedTo));

    // The device under whose key a file will lie, if there is room for one.
    private async Task<(KeptDevice? Device, ProblemHttpResult? Problem)> FindForFileAsync(Guid id, Caller caller, HttpContext context)
    {
        var (row, waiting) = await database.AsAccount(caller.AccountId).ReadAsync(async work =>
            (await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false), await DeviceOutbox.WaitingBytesAsync(work, caller.AccountId).ConfigureAwait(false)), context.RequestAborted).ConfigureAwait(false);
        if (row is not { Wrapped: { } wrapped }) return (null, DeviceEndpoints.Unknown());
        if (DeviceTrouble.OfSending(row) is { } trouble) return (null, trouble.ToProblem());
        return waiting >= MediaLimits.Waiting || spool.IsBusyFor(caller.AccountId) ? (null, Problem.RateLimited(context, Later)) : (new KeptDevice(row.Id, row.AccountId, keys.Open(row.Id, wrapped)), null);
    }

    // The endpoint's limit is for files.
    private static async Task<(SendRequest? Request, ProblemHttpResult? Problem)> ReadJsonAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType()) return (null, StatusProblems.Of(StatusCodes.Status415UnsupportedMediaType));
        if (request.ContentLength > HttpLimits.Body) return (null, Problem.Of(413, "MESSAGE_TOO_LARGE", "The message is too large."));
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature) feature.MaxRequestBodySize = HttpLimits.Body;
        try
        {
            return await request.ReadFromJsonAsync<SendRequest>(request.HttpContext.RequestAborted).ConfigureAwait(false) is { } read ? (read, null) : (null, StatusProblems.Of(StatusCodes.Status400BadRequest));
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The body is not the JSON that is expected here.", StatusCodes.Status400BadRequest, e);
        }
    }
}
