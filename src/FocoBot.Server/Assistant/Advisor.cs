using FocoBot.Assistant.Acting;
using FocoBot.Assistant.Admission;
using FocoBot.Assistant.Conversation;
using FocoBot.Assistant.LanguageModels;
using FocoBot.Assistant.Understanding;
using FocoBot.Channels;
using FocoBot.Channels.Twilio;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant;

/// <summary>
/// Asks a language model about a waiting message when the parser is unsure of it and the account has agreed to that,
/// before the message's own unit of work begins: no transaction ever waits for a model.
/// </summary>
internal sealed class Advisor(
    Database database, Keyring keyring, Interpreter interpreter, LanguageModelOptions models, TimeProvider clock, ILogger<Advisor> log, TwilioClient? twilio = null)
{
    private const int CallsPerDay = 50;
    private static readonly TimeSpan ShowTypingAfter = TimeSpan.FromSeconds(1);

    /// <summary>What a model makes of the sender's next message; null when none was asked or none knew.</summary>
    public async Task<Advice?> AdviseAsync(string address, CancellationToken cancellation)
    {
        if (!models.IsConfigured) return null;
        try
        {
            return await QuestionAsync(address, cancellation).ConfigureAwait(false) is { } question ? await AskAsync(question, cancellation).ConfigureAwait(false) : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            AssistantLog.AdviceFailed(log, e.GetType().Name);
            return null;
        }
    }

    private async Task<Advice?> AskAsync(Question question, CancellationToken cancellation)
    {
        if (!await TakeCallAsync(question, cancellation).ConfigureAwait(false)) return null;
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var typing = TypingAsync(question, done.Token);
        try
        {
            var answer = await interpreter.AskAsync(question.Request, cancellation).ConfigureAwait(false);
            return answer is null ? null : new Advice(question.MessageId, [.. answer.Items.Select(item => ModelMeaning.Of(item, answer.NeedsConfirmation))]);
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
            await typing.ConfigureAwait(false);
        }
    }

    private Task<Question?> QuestionAsync(string address, CancellationToken cancellation) => database.AsService("prepare a question to a model").ReadAsync(async work =>
    {
        if (await PendingMessage.PeekAsync(work, address).ConfigureAwait(false) is not { } message) return null;
        var content = message.Open(keyring);
        if (await AskerAsync(work, message, content).ConfigureAwait(false) is not { } asker || !TimeZoneInfo.TryFindSystemTimeZoneById(asker.TimeZone, out var zone)) return null;
        var text = content.Text.Trim();
        if (text.Length == 0 || text.StartsWith('/') || IsShortAnswer(text)) return null;
        var understood = Understander.Understand(text, Languages.Of(asker.Language), message.ReceivedAt, zone);
        if (understood.Confidence >= UnderstandingLimits.Unsure && !understood.SeveralTasks) return null;
        var titles = await work.QueryAsync<string>(
            "SELECT title FROM tasks WHERE user_id = @UserId AND done_at IS NULL AND deleted_at IS NULL ORDER BY id DESC LIMIT @limit",
            new { asker.UserId, limit = LanguageModelLimits.OpenTasks }).ConfigureAwait(false);
        return new Question(message.Id, message.Channel == ChannelNames.Twilio ? message.ProviderId : null, asker.UserId, zone,
            new InterpretationRequest(text, asker.Language, message.ReceivedAt, zone, titles));
    }, cancellation);

    // Answers to questions of ours, and codes, are not for a model to read.
    private static bool IsShortAnswer(string text) =>
        Answers.YesOrNo(text) is not null || Answers.Number(text) is not null || OptIn.IsMeantBy(text) || LinkConversation.AfterKeyword(text) is not null;

    // Only who has agreed, and whose messages are acted on at all: a stranger's text goes to nobody.
    private async Task<Asker?> AskerAsync(Work work, PendingMessage message, InboundContent content)
    {
        var userId = message.UserId;
        if (userId is null)
        {
            var sender = new ChannelSender(message.Channel, message.Address, content.ExternalUserId, message.ProviderId);
            var link = await BotSessions.FindAsync(work, sender).ConfigureAwait(false);
            if (link is null or { SuspendedReason: not null } or { Blocked: true } or { TrustedFingerprint: null }) return null;
            if (link.Address != sender.Address || !(link.SessionExpiresAt > clock.GetUtcNow())) return null;
            if (link.ExternalUserId is not null && sender.ExternalUserId is not null && link.ExternalUserId != sender.ExternalUserId) return null;
            if (await Lockouts.HoldsAsync(work, sender.Subject, link.AccountId, clock.GetUtcNow()).ConfigureAwait(false)) return null;
            userId = link.AccountId;
        }

        return await work.FirstAsync<Asker>(
            "SELECT id AS UserId, language, time_zone AS TimeZone FROM accounts WHERE id = @userId AND llm_consent_at IS NOT NULL AND disabled_at IS NULL", new { userId }).ConfigureAwait(false);
    }

    private Task<bool> TakeCallAsync(Question question, CancellationToken cancellation) => database.AsService("count a call to a model").WriteAsync(async work =>
        await work.ExecuteAsync(
            """
            INSERT INTO llm_usage (user_id, day, calls) VALUES (@UserId, @day, 1)
            ON CONFLICT (user_id, day) DO UPDATE SET calls = llm_usage.calls + 1 WHERE llm_usage.calls < @limit
            """,
            new { question.UserId, day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), question.Zone).DateTime), limit = CallsPerDay }).ConfigureAwait(false) > 0, cancellation);

    private async Task TypingAsync(Question question, CancellationToken done)
    {
        if (twilio is null || question.TwilioSid is not { } sid) return;
        try
        {
            await Task.Delay(ShowTypingAfter, clock, done).ConfigureAwait(false);
            await twilio.TypingAsync(sid, done).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The answer came first.
        }
    }

    private sealed record Asker(Guid UserId, string Language, string TimeZone);

    private sealed record Question(Guid MessageId, string? TwilioSid, Guid UserId, TimeZoneInfo Zone, InterpretationRequest Request);
}
