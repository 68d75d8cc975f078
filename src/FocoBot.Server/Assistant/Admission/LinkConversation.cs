using FocoBot.Assistant.Conversation;
using FocoBot.Assistant.Replies;
using FocoBot.Assistant.Understanding;
using FocoBot.PhoneLinks;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Assistant.Admission;

/// <summary>The part of a conversation that proves a phone: VERIFY with a code, and the yes or no to taking a number over.</summary>
internal sealed class LinkConversation(PhoneLinking links)
{
    private static readonly string[] Keywords = ["verify", "verificar", "verifica"];

    /// <summary>What comes of the message when it is part of a verification; null when it is none.</summary>
    public async Task<Outcome?> TryAsync(Work work, ChannelSender sender, LinkedSender? link, Reading read)
    {
        if (Code(sender, link, read) is { } code) return await VerifyAsync(work, sender, link, read, code).ConfigureAwait(false);
        return Answers.YesOrNo(read.Text) switch
        {
            true when await links.ConfirmMoveAsync(work, sender).ConfigureAwait(false) is { } moved => Linked(sender, moved, read.Phrases),
            false when await links.DeclineMoveAsync(work, sender).ConfigureAwait(false) => Answer(sender, link?.AccountId, read.Phrases, "link.move.declined", null),
            _ => null,
        };
    }

    private async Task<Outcome> VerifyAsync(Work work, ChannelSender sender, LinkedSender? link, Reading read, string code)
    {
        var verified = await links.VerifyInboundAsync(work, sender, code).ConfigureAwait(false);
        return verified.Result switch
        {
            VerifyResult.Linked => Linked(sender, verified, PhrasesOf(verified, read)),
            VerifyResult.MoveNeedsConfirmation => Answer(sender, verified.AccountId, PhrasesOf(verified, read), "link.move", null),
            // The same words for a wrong code and a late one: the answer is no oracle.
            _ => Answer(sender, link?.AccountId, SpokenIn(read.Text) ?? read.Phrases, "link.wrong", "CODE_INVALID"),
        };
    }

    // The parser knows codes of digits; those for people without a phone number have letters too. "Verificar facturas" from
    // somebody who is linked is a task.
    private static string? Code(ChannelSender sender, LinkedSender? link, Reading read)
    {
        if (read.Understood is { Intent: Intent.Verify, Code: { } digits }) return digits;
        return AfterKeyword(read.Text) is { } typed && (link is null || (sender.Phone is null && LinkCode.Clean(typed) is not null)) ? typed : null;
    }

    /// <summary>What stands behind VERIFY or VERIFICAR; null without such a word.</summary>
    internal static string? AfterKeyword(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && text.Length <= 32 && Keywords.Contains(text[..space].ToLowerInvariant()) ? text[(space + 1)..].Trim() : null;
    }

    // VERIFY is answered in English and VERIFICAR in Spanish; a bare code in the language of the account.
    private static Phrasebook? SpokenIn(string text) =>
        AfterKeyword(text) is null ? null : Phrasebook.Of(text.StartsWith("verify", StringComparison.OrdinalIgnoreCase) ? "en" : "es");

    private static Outcome Linked(ChannelSender sender, VerifyOutcome verified, Phrasebook phrases) => Answer(sender, verified.AccountId, phrases, "link.success", null);

    private static Phrasebook PhrasesOf(VerifyOutcome verified, Reading read) =>
        SpokenIn(read.Text) ?? (verified.Language is { } language ? Phrasebook.Of(language) : read.Phrases);

    private static Outcome Answer(ChannelSender sender, Guid? accountId, Phrasebook phrases, string key, string? error) => new()
    {
        Reply = phrases.Say(key), Phrases = phrases, UserId = accountId, Subject = sender.Subject, ErrorCode = error,
        Action = AuditActions.MessageProcessed, Intent = "verify",
    };
}
