using System.Buffers.Text;
using System.Text.Json;
using FocoBot.Accounts;
using FocoBot.Http;
using FocoBot.PhoneLinks;
using FocoBot.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FocoBot.Devices.Linking;

/// <summary>A device to be linked.</summary>
/// <param name="Method"><c>qr_code</c> or <c>pairing_code</c>.</param>
/// <param name="PhoneNumber">The account's number, as people write it; a link code needs it, and a QR code is then good for this phone only.</param>
/// <param name="DeviceName">What the owner calls it; WhatsApp does not see it.</param>
/// <param name="Network"><c>live</c>, or <c>sandbox</c> in Development.</param>
/// <param name="Country">Where a number without country code is from (ISO 3166-1).</param>
/// <param name="Consent">What the owner allows; <c>own</c> and no assistant when missing.</param>
/// <param name="DeviceId">A device that was removed on the phone or has expired, to be linked again with the same phone: it keeps its messages, name, consent and place.</param>
internal sealed record LinkDeviceRequest(
    string? Method, string? PhoneNumber = null, string? DeviceName = null, string? Network = null, string? Country = null, DeviceConsent? Consent = null, Guid? DeviceId = null);

/// <summary>An attempt that has begun, with its first code when there is one already.</summary>
internal sealed record LinkDeviceAnswer(
    bool Success, Guid AttemptId, Guid DeviceId, string Method, string Status, DateTimeOffset ExpiresAt, string StreamUrl, string? QrCode, string? QrCodeData, string? PairingCode, string Instructions);

/// <summary>An attempt that is under way; <c>GET device/{deviceId}/code</c> has what is to be shown.</summary>
internal sealed record AttemptUnderWay(Guid AttemptId, Guid DeviceId, string Method, string Status, DateTimeOffset ExpiresAt);

/// <summary>Where an attempt stands.</summary>
internal sealed record AttemptStatus(Guid AttemptId, string Status, AttemptProgress Progress, LinkedDevice? Device, AttemptError? Error);

internal sealed record AttemptProgress(bool QrScanned, bool DeviceLinked, bool SyncComplete);

internal sealed record LinkedDevice(Guid Id, string Status, string? PhoneNumber, string? PushName);

internal sealed record AttemptError(string Code, string Message);

/// <summary>The answer of a passkey, or whether the phone shows the code that was shown here.</summary>
/// <param name="CredentialId">Which passkey has signed, base64url.</param>
/// <param name="Assertion">WebAuthn's <c>PublicKeyCredential</c> as JSON.</param>
/// <param name="Confirm">Whether the two codes are the same.</param>
internal sealed record PasskeyAnswer(string? CredentialId, JsonElement? Assertion, bool? Confirm);

/// <summary><c>/api/integrations/whatsapp/device/link</c>: attempts to link a device.</summary>
internal static class LinkingEndpoints
{
    public static void MapLinking(this RouteGroupBuilder api)
    {
        var link = api.MapGroup("/device/link").RequireScope(Scopes.DevicesWrite);
        link.MapPost("", BeginAsync).WithName("linkDevice").WithSummary("Begins to link FocoBot to one's own WhatsApp account, by QR code or by a code that is typed into the phone")
            .MayRefuse(404, "FEATURE_DISABLED", "NOT_FOUND").MayRefuse(409, "DEVICE_ALREADY_LINKED", "DEVICE_LIMIT_REACHED", "ACCOUNT_LOCKED").MayRefuse(422, "INVALID", "INVALID_PHONE").MayRefuse(429, "RATE_LIMITED").MayRefuse(503, "CONNECTION_CLOSED");
        link.MapGet("", UnderWayAsync).WithName("linksUnderWay").WithSummary("Attempts to link that are under way, newest first");
        link.MapGet("{attemptId:guid}/status", StatusAsync).WithName("linkStatus").WithSummary("Where an attempt to link stands");
        link.MapGet("{attemptId:guid}", StatusAsync).WithName("linkAttempt").WithSummary("Where an attempt to link stands");
        link.MapDelete("{attemptId:guid}", CancelAsync).WithName("cancelLink").WithSummary("Gives up an attempt to link");
        link.MapPost("{attemptId:guid}/refresh", RefreshAsync).WithName("refreshLink").WithSummary("A new QR code or link code; the old one is dead").MayRefuse(409, "LINKING_CANCELLED").MayRefuse(410, "QR_EXPIRED", "PAIRING_CODE_EXPIRED").MayRefuse(429, "RATE_LIMITED");
        link.MapPost("{attemptId:guid}/passkey", AnswerPasskeyAsync).WithName("answerPasskey").WithSummary("Answers what WhatsApp asks the account's passkey").MayRefuse(409, "PASSKEY_REQUIRED");
    }

    private static async Task<Results<Created<LinkDeviceAnswer>, ProblemHttpResult>> BeginAsync(
        LinkDeviceRequest request, Caller caller, HttpContext context, LinkingDesk desk, DeviceOptions options, DeviceNetworks networks, StreamAddress streams, TimeProvider clock, CancellationToken cancellation)
    {
        if (!options.IsEnabled) return Disabled();
        if (Read(request, networks, out var wish) is { } problem) return problem;
        var (run, refusal) = await desk.BeginAsync(caller.AccountId, wish!, Origin(context), along: null, cancellation).ConfigureAwait(false);
        if (refusal is not null) return refusal.Code == "RATE_LIMITED" ? Problem.RateLimited(context, DeviceLimits.LinkingWindow / options.LinkingsAnHour) : refusal.ToProblem();
        await FirstCodeAsync(run!, clock, cancellation).ConfigureAwait(false);
        var answer = Describe(run!, streams.Of(context, run!.Device.Id), context.Request.Headers.AcceptLanguage.ToString());
        return TypedResults.Created($"/api/integrations/whatsapp/device/link/{answer.AttemptId}", answer);
    }

    private static async Task<Ok<Page<AttemptUnderWay>>> UnderWayAsync(Caller caller, Database database, CancellationToken cancellation)
    {
        var found = await database.AsAccount(caller.AccountId).ReadAsync(work => LinkingTable.UnderWayAsync(work, caller.AccountId), cancellation).ConfigureAwait(false);
        return TypedResults.Ok(new Page<AttemptUnderWay>([.. found.Where(attempt => attempt.DeviceId is not null).Select(attempt => new AttemptUnderWay(attempt.Id, attempt.DeviceId!.Value, attempt.Method, attempt.Status, attempt.ExpiresAt))], null));
    }

    private static async Task<Results<Ok<AttemptStatus>, ProblemHttpResult>> StatusAsync(Guid attemptId, Caller caller, Database database, CancellationToken cancellation) =>
        await database.AsAccount(caller.AccountId).ReadAsync(async Task<Results<Ok<AttemptStatus>, ProblemHttpResult>> (work) =>
        {
            if (await LinkingTable.FindAsync(work, caller.AccountId, attemptId).ConfigureAwait(false) is not { } attempt) return Problem.NotFound("attempt to link");
            var device = attempt.DeviceId is { } id ? await DeviceTable.FindAsync(work, caller.AccountId, id).ConfigureAwait(false) : null;
            var isLinked = attempt.Status is "pairing" or "success";
            return TypedResults.Ok(new AttemptStatus(
                attempt.Id, attempt.Status, new AttemptProgress(isLinked || attempt.Status == "scanned", isLinked, attempt.Status == "success"),
                device is null ? null : new LinkedDevice(device.Id, device.Status, device.PhoneNumber, device.PushName),
                attempt.ErrorCode is null ? null : new AttemptError(attempt.ErrorCode, attempt.ErrorMessage ?? "")));
        }, cancellation).ConfigureAwait(false);

    private static async Task<Results<NoContent, ProblemHttpResult>> CancelAsync(Guid attemptId, Caller caller, LinkingDesk desk)
    {
        if (Own(desk, attemptId, caller) is not { } run) return Problem.NotFound("attempt to link under way");
        run.Cancel(DeviceTrouble.Cancelled);
        await run.Ended.ConfigureAwait(false);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<LinkDeviceAnswer>, ProblemHttpResult>> RefreshAsync(
        Guid attemptId, Caller caller, HttpContext context, LinkingDesk desk, Database database, StreamAddress streams, TimeProvider clock, CancellationToken cancellation)
    {
        if (Own(desk, attemptId, caller) is not { } run) return await EndedAsync(attemptId, caller, database, cancellation).ConfigureAwait(false);
        if (!await database.AsAccount(caller.AccountId).WriteAsync(work => LinkingTable.BeginAnotherAsync(work, attemptId), cancellation).ConfigureAwait(false))
            return Problem.RateLimited(context, run.Attempt.ExpiresAt - clock.GetUtcNow());
        run.BeginAnother();
        await FirstCodeAsync(run, clock, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(Describe(run, streams.Of(context, run.Device.Id), context.Request.Headers.AcceptLanguage.ToString()));
    }

    private static Results<Accepted, ProblemHttpResult> AnswerPasskeyAsync(Guid attemptId, PasskeyAnswer answer, Caller caller, LinkingDesk desk)
    {
        if (Own(desk, attemptId, caller) is not { } run) return Problem.NotFound("attempt to link under way");
        try
        {
            if (answer.Confirm is { } isSame) run.Device.Client.ConfirmPasskey(isSame);
            else if (answer.Assertion is not { ValueKind: JsonValueKind.Object } assertion) return Problem.Invalid("assertion", "assertion is the passkey's answer as a JSON object.");
            else if (answer.CredentialId is not { Length: > 0 } id || !Base64Url.IsValid(id)) return Problem.Invalid("credentialId", "credentialId is base64url.");
            else run.Device.Client.AnswerPasskey(Base64Url.DecodeFromChars(id), assertion.GetRawText());
        }
        catch (InvalidOperationException)
        {
            return Problem.Of(409, "PASSKEY_REQUIRED", "Nothing is asked of a passkey at the moment, or it was answered already.");
        }

        return TypedResults.Accepted((string?)null);
    }

    // Whatever is wrong with it, nobody but the owner learns that there is such an attempt.
    private static LinkingRun? Own(LinkingDesk desk, Guid attempt, Caller caller) => desk.Find(attempt) is { } run && run.Attempt.AccountId == caller.AccountId ? run : null;

    private static async Task<ProblemHttpResult> EndedAsync(Guid attemptId, Caller caller, Database database, CancellationToken cancellation)
    {
        var attempt = await database.AsAccount(caller.AccountId).ReadAsync(work => LinkingTable.FindAsync(work, caller.AccountId, attemptId), cancellation).ConfigureAwait(false);
        return attempt switch
        {
            null => Problem.NotFound("attempt to link"),
            { Status: "success" } => DeviceTrouble.AlreadyLinked.ToProblem(),
            { Status: "expired", Method: "qr_code" } => DeviceTrouble.QrExpired.ToProblem(),
            { Status: "expired" } => DeviceTrouble.CodeExpired.ToProblem(),
            _ => DeviceTrouble.Cancelled.ToProblem(),
        };
    }

    /// <summary>Reads what is to be linked.</summary>
    /// <returns>What is wrong with it; null when there is a wish.</returns>
    internal static ProblemHttpResult? Read(LinkDeviceRequest request, DeviceNetworks networks, out LinkWish? wish)
    {
        wish = null;
        if (request.DeviceId is not null && (request.DeviceName ?? request.Network ?? (object?)request.Consent) is not null)
            return Problem.Invalid("deviceId", "A device that is linked again keeps its name, network and consent. Change them once it is linked.");
        if (request.Consent?.Check() is { } refused) return refused;
        if (request.Method is not ("qr_code" or "pairing_code")) return Problem.Invalid("method", "The method is qr_code or pairing_code.");
        var network = request.Network ?? DeviceNetworks.Live;
        if (!networks.Knows(network)) return Problem.Invalid("network", "The network is live.");
        var name = string.IsNullOrWhiteSpace(request.DeviceName) ? "FocoBot" : request.DeviceName.Trim();
        if (name.Length > DeviceLimits.Name || name.Any(char.IsControl)) return Problem.Invalid("deviceName", $"A name has at most {DeviceLimits.Name} characters.");
        var phone = PhoneNumber.Parse(request.PhoneNumber, request.Country);
        if (phone is null && ((request.Method == "pairing_code" && request.DeviceId is null) || !string.IsNullOrWhiteSpace(request.PhoneNumber)))
            return Problem.Of(422, "INVALID_PHONE", "Write the phone number with + and its country code, such as +52 55 1234 5678.");
        wish = new LinkWish(request.Method, phone, name, network, request.Consent?.Filled() ?? DeviceConsent.Least, request.DeviceId);
        return null;
    }

    // The answer has the first code if that comes quickly; if it does not, the stream and the status tell.
    private static async Task FirstCodeAsync(LinkingRun run, TimeProvider clock, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(DeviceLimits.FirstCode, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        await Task.WhenAny(run.Device.ShownAsync(both.Token), run.Ended).ConfigureAwait(false);
    }

    private static LinkDeviceAnswer Describe(LinkingRun run, string stream, string languages)
    {
        var (shown, isSpanish) = (run.Device.Showing, languages.StartsWith("es", StringComparison.OrdinalIgnoreCase));
        var isQr = run.Attempt.Method == "qr_code";
        return new LinkDeviceAnswer(
            !run.Ended.IsCompleted, run.Attempt.Id, run.Device.Id, run.Attempt.Method, "pending", shown?.ExpiresAt ?? run.Attempt.ExpiresAt, stream,
            shown is { Kind: "qr_code" } qr ? CodeImage.Of(qr.Content) : null, shown is { Kind: "qr_code" } data ? data.Content : null, shown is { Kind: "pairing_code" } code ? code.Content : null,
            (isQr, isSpanish) switch
            {
                (true, true) => "Abre WhatsApp > Ajustes > Dispositivos vinculados > Vincular un dispositivo, y escanea el código",
                (true, false) => "Open WhatsApp > Settings > Linked Devices > Link a device, then scan the code",
                (false, true) => "Abre WhatsApp > Ajustes > Dispositivos vinculados > Vincular un dispositivo > Vincular con número de teléfono, y escribe el código",
                _ => "Open WhatsApp > Settings > Linked Devices > Link a device > Link with phone number instead, then enter the code",
            });
    }

    internal static RequestOrigin Origin(HttpContext context) =>
        new(ClientAddress.Of(context), context.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(agent.Length, 300)] : null);

    internal static ProblemHttpResult Disabled() => Problem.Of(404, "FEATURE_DISABLED", "Linked devices are not enabled on this server.");
}
