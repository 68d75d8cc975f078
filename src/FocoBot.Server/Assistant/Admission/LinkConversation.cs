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
        if (Code(read) is { } code) return await VerifyAsync(work, sender, link, read, code).ConfigureAwait(false);
        return Answers.YesOrNo(read.Text) switch
        {
            true when await links.ConfirmMoveAsync(work, sender).ConfigureAwait(false) is { } moved => Linked(sender, moved),
            false when await links.DeclineMoveAsync(work, sender).ConfigureAwait(false) => Answer(sender, link?.AccountId, read.Phrases, "link.move.declined", null),
            _ => null,
        };
    }

    private async Task<Outcome> VerifyAsync(Work work, ChannelSender sender, LinkedSender? link, Reading read, string code)
    {
        var verified = await links.VerifyInboundAsync(work, sender, code).ConfigureAwait(false);
        return verified.Result switch
        {
            VerifyResult.Linked => Linked(sender, verified),
            VerifyResult.MoveNeedsConfirmation => Answer(sender, verified.AccountId, PhrasesOf(verified, read), "link.move", null),
            // The same words for a wrong code and a late one: the answer is no oracle.
            _ => Answer(sender, link?.AccountId, read.Phrases, "link.wrong", "CODE_INVALID"),
        };
    }

    // The parser knows codes of digits; those for people without a phone number have letters too.
    private static string? Code(Reading read)
    {
        if (read.Understood is { Intent: Intent.Verify, Code: { } digits }) return digits;
        var space = read.Text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && read.Text.Length <= 32 && Keywords.Contains(read.Text[..space].ToLowerInvariant()) ? read.Text[(space + 1)..].Trim() : null;
    }

    private static Outcome Linked(ChannelSender sender, VerifyOutcome verified) =>
        Answer(sender, verified.AccountId, Phrasebook.Of(verified.Language!), "link.success", null);

    private static Phrasebook PhrasesOf(VerifyOutcome verified, Reading read) => verified.Language is { } language ? Phrasebook.Of(language) : read.Phrases;

    private static Outcome Answer(ChannelSender sender, Guid? accountId, Phrasebook phrases, string key, string? error) => new()
    {
        Reply = phrases.Say(key), Phrases = phrases, UserId = accountId, Subject = sender.Subject, ErrorCode = error,
        Action = AuditActions.MessageProcessed, Intent = "verify",
    };
}
