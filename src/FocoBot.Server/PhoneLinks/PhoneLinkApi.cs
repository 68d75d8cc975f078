using FocoBot.Accounts;
using FocoBot.Channels.Twilio;
using FocoBot.Http;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace FocoBot.PhoneLinks;

/// <summary><c>/api/integrations/whatsapp/link</c>, <c>verify</c>, <c>unlink</c>: the phones that command an account.</summary>
public static class PhoneLinkApi
{
    private const string WhyService = "phone links"; // a phone may be another account's: these units look across accounts

    /// <summary>Registers the room.</summary>
    public static void AddPhoneLinks(this IServiceCollection services)
    {
        services.AddSingleton<Fingerprints>();
        services.AddSingleton<BotSessions>();
        services.AddSingleton<WishSignal>();
        services.AddSingleton<PhoneLinking>();
        services.AddSingleton<CodeRequests>();
    }

    /// <summary>Maps the room's endpoints.</summary>
    public static void MapPhoneLinks(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/integrations/whatsapp").RequireScope(Scopes.Links).WithTags("Phone links")
            .WithMetadata(new RequestSizeLimitAttribute(LinkLimits.RequestBytes));
        api.AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store"; // codes and phones
            return await next(context).ConfigureAwait(false);
        });
        api.MapPost("link", RequestAsync).WithName("requestPhoneLink").WithSummary("Asks for a code that links a phone; a further phone asks for the password again")
            .WithDescription("With `deviceLinking` FocoBot is linked to the phone as a companion device as well, by `method`, as soon as the phone is verified. The event `device.link_started` tells, and so does the list of phones.")
            .MayRefuse(404, "FEATURE_DISABLED").MayRefuse(422, "INVALID", "INVALID_PHONE");
        api.MapGet("link", ListAsync).WithName("listPhoneLinks").WithSummary("The account's phones, linked or waiting for their code");
        api.MapPost("link/{id:guid}/device", LinkDeviceAsync).RequireScope(Scopes.DevicesWrite).WithName("linkDeviceToPhone").WithSummary("Links FocoBot as a companion device to a phone that is verified already")
            .MayRefuse(404, "FEATURE_DISABLED", "NOT_FOUND").MayRefuse(409, "PHONE_NOT_VERIFIED").MayRefuse(422, "INVALID");
        api.MapPost("verify", VerifyAsync).WithName("verifyPhone").WithSummary("Takes the code that was sent to a phone");
        api.MapGet("unlink", PreviewAsync).WithName("previewUnlink").WithSummary("What unlinking would end, and what stays");
        api.MapDelete("unlink", UnlinkAsync).WithName("unlinkPhone").WithSummary("Unlinks a phone");
    }

    private static async Task<Results<Created<LinkAnswer>, ProblemHttpResult>> RequestAsync(
        LinkRequest request, Caller caller, HttpContext context, Database database, CodeRequests codes, TwilioOptions twilio, Reauthentication again, IDeviceWishReader devices, TimeProvider clock)
    {
        var (wish, unable) = request.DeviceLinking ? devices.Read(request) : (null, null);
        if (unable is not null) return unable;
        // A key for phones alone links no devices.
        if (wish is not null && caller.SessionId is null && !context.User.HasClaim(Caller.ScopeClaim, Scopes.DevicesWrite)) return StatusProblems.Of(StatusCodes.Status403Forbidden);
        if (request.Delivery is not (null or CodePurpose.Inbound or "send")) return Problem.Invalid("delivery", "The delivery is inbound or send.");
        var send = request.Delivery == "send";
        var phone = PhoneNumber.Parse(request.Phone, request.Country);
        if (phone is null && (send || wish is not null || !string.IsNullOrWhiteSpace(request.Phone))) return InvalidPhone();
        if (send && !twilio.IsConfigured) return Problem.Of(404, "FEATURE_DISABLED", "Codes can't be sent: the WhatsApp business channel is not configured. Ask for a code with delivery inbound.");

        var isChange = await database.AsAccount(caller.AccountId).ReadAsync(work => PhoneLinking.IsChangeAsync(work, caller.AccountId, phone?.Canonical), context.RequestAborted).ConfigureAwait(false);
        if (isChange && await again.CheckAsync(context, caller.AccountId, request.Password).ConfigureAwait(false) is { } refusal) return refusal;

        var origin = OriginOf(context);
        var issue = await database.AsService(WhyService).WriteAsync(async work =>
        {
            var made = await (send ? codes.SendAsync(work, caller, phone!, origin) : codes.ShowAsync(work, caller, phone, origin)).ConfigureAwait(false);
            if (made.RetryAfter is null) await DeviceWishes.PutAsync(work, caller.AccountId, phone?.Canonical, wish, origin, clock.GetUtcNow()).ConfigureAwait(false);
            return made;
        }, context.RequestAborted).ConfigureAwait(false);
        if (issue.RetryAfter is { } wait) return TooMany(context, wait);
        var answer = issue.Code is { } code
            ? new LinkAnswer(phone?.Canonical, code, CodePurpose.Inbound, issue.ExpiresAt, CodeMessages.Show(issue.Language, code, twilio.BusinessNumber, hidden: phone is null), twilio.WaMeLink($"{(issue.Language == "en" ? "VERIFY" : "VERIFICAR")} {code}")?.AbsoluteUri)
            : new LinkAnswer(phone!.Canonical, null, CodePurpose.Outbound, issue.ExpiresAt, CodeMessages.Sent(issue.Language), null);
        return TypedResults.Created((string?)null, answer);
    }

    private static async Task<Results<Ok<VerifyAnswer>, Accepted<VerifyAnswer>, ProblemHttpResult>> VerifyAsync(
        VerifyRequest request, Caller caller, HttpContext context, Database database, PhoneLinking linking)
    {
        if (PhoneNumber.Parse(request.Phone, request.Country) is not { } phone) return InvalidPhone();
        var outcome = await database.AsService(WhyService).WriteAsync(
            work => linking.VerifyTypedAsync(work, caller, phone, request.Code ?? "", OriginOf(context)), context.RequestAborted).ConfigureAwait(false);
        return outcome.Result switch
        {
            VerifyResult.Linked => TypedResults.Ok(new VerifyAnswer(phone.Canonical, true, "linked")),
            VerifyResult.MoveNeedsConfirmation => TypedResults.Accepted((string?)null, new VerifyAnswer(phone.Canonical, false, "confirm_on_whatsapp")),
            VerifyResult.TooManyAttempts => TooMany(context, outcome.RetryAfter!.Value),
            _ => Problem.Of(422, "CODE_INVALID", "That is not a code that can be typed here: it is wrong, too old or used up. Ask for a new one."),
        };
    }

    private static async Task<Results<Accepted<LinkView>, ProblemHttpResult>> LinkDeviceAsync(
        Guid id, LinkRequest request, Caller caller, HttpContext context, Database database, IDeviceWishReader devices, WishSignal signal, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return await database.AsAccount(caller.AccountId).WriteAsync(async Task<Results<Accepted<LinkView>, ProblemHttpResult>> (work) =>
        {
            if ((await PhoneLinking.ListAsync(work, caller.AccountId).ConfigureAwait(false)).Find(link => link.Id == id) is not { } link) return Problem.NotFound("linked phone");
            if (link is not { Verified: true, SuspendedReason: null, Phone: { } phone }) return Problem.Of(409, "PHONE_NOT_VERIFIED", "This phone is not verified, or hides its number. Verify it first.");
            var (wish, unable) = devices.Read(request with { Phone = phone, Country = null });
            if (wish is null) return unable!;
            await DeviceWishes.PutAsync(work, caller.AccountId, phone, wish, OriginOf(context), now).ConfigureAwait(false);
            await DeviceWishes.VerifiedAsync(work, id, now).ConfigureAwait(false);
            work.OnCommit(() => signal.Raise(id));
            return TypedResults.Accepted((string?)null, View(link, await DeviceWishes.ListAsync(work, caller.AccountId).ConfigureAwait(false), now));
        }, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<Ok<LinkList>> ListAsync(Caller caller, Database database, TimeProvider clock, CancellationToken cancellation) =>
        TypedResults.Ok(new LinkList(await ViewsAsync(caller, database, clock, cancellation).ConfigureAwait(false)));

    private static async Task<Ok<UnlinkPreview>> PreviewAsync(Caller caller, Database database, TimeProvider clock, CancellationToken cancellation) =>
        TypedResults.Ok(new UnlinkPreview(await ViewsAsync(caller, database, clock, cancellation).ConfigureAwait(false), ["bot_session", "conversation", "messages_to_phone"], ["tasks", "projects"]));

    private static async Task<Results<Ok<LinkView>, ProblemHttpResult>> UnlinkAsync(
        [FromQuery] Guid? id, [FromBody] UnlinkRequest? request, Caller caller, HttpContext context, Database database, PhoneLinking linking, TimeProvider clock)
    {
        // A phone comes in the body only: addresses of requests end up in logs.
        var wanted = id ?? request?.Id;
        var canonical = PhoneNumber.Parse(request?.Phone)?.Canonical;
        if (request?.Phone is not null && canonical is null) return InvalidPhone();
        return await database.AsAccount(caller.AccountId).WriteAsync(async Task<Results<Ok<LinkView>, ProblemHttpResult>> (work) =>
        {
            var links = await PhoneLinking.ListAsync(work, caller.AccountId).ConfigureAwait(false);
            var chosen = links.FindAll(link => (wanted is null || link.Id == wanted) && (canonical is null || link.Phone == canonical));
            if (chosen.Count == 0) return Problem.NotFound("linked phone");
            if (chosen.Count > 1) return Problem.Invalid("phone", "There are several linked phones: say which.");
            await linking.UnlinkAsync(work, chosen[0], "unlinked", OriginOf(context)).ConfigureAwait(false);
            return TypedResults.Ok(View(chosen[0], [], clock.GetUtcNow()));
        }, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task<List<LinkView>> ViewsAsync(Caller caller, Database database, TimeProvider clock, CancellationToken cancellation)
    {
        var (links, wishes) = await database.AsAccount(caller.AccountId).ReadAsync(async work =>
            (await PhoneLinking.ListAsync(work, caller.AccountId).ConfigureAwait(false), await DeviceWishes.ListAsync(work, caller.AccountId).ConfigureAwait(false)), cancellation).ConfigureAwait(false);
        return links.ConvertAll(link => View(link, wishes, clock.GetUtcNow()));
    }

    private static LinkView View(PhoneLink link, List<WishRow> wishes, DateTimeOffset now) => new(
        link.Id, link.Phone, link.Verified, link.LinkedAt, link.SuspendedReason is not null, link.CodeExpiresAt > now ? link.CodeExpiresAt : null, wishes.Find(wish => wish.LinkId == link.Id)?.View);

    private static ProblemHttpResult InvalidPhone() => Problem.Of(422, "INVALID_PHONE", "Write the phone number with + and its country code, such as +52 55 1234 5678.");

    private static ProblemHttpResult TooMany(HttpContext context, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Problem.Of(429, "RATE_LIMITED", "Too many codes were asked for or tried. Wait before the next.", ("retryAfterSeconds", seconds));
    }

    private static RequestOrigin OriginOf(HttpContext context) =>
        new(context.Connection.RemoteIpAddress, context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent : null);
}
