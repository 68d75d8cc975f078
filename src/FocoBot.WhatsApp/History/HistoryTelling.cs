using FocoBot.WhatsApp.Messaging;
using FocoBot.WhatsApp.Proto;
using FocoBot.WhatsApp.Storage;

namespace FocoBot.WhatsApp.History;

/// <summary>Tells one part of the history, as fast as the reader of events reads: each chat is stored and told before the next one is read.</summary>
internal sealed class HistoryTelling(DeviceState state, HistoryPart part, TimeProvider clock, Func<bool> isReaderBehind)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly List<KeyValuePair<Jid, string>> _names = [];
    private readonly List<KeyValuePair<Jid, Jid>> _addresses = [];

    public int Chats { get; private set; }

    public int Messages { get; private set; }

    /// <summary>Tells all of it but the end.</summary>
    /// <exception cref="ProtocolException">It is damaged, or too long.</exception>
    public async Task ReadAsync(Stream deflated, CancellationToken token)
    {
        await foreach (var item in HistoryReader.ReadAsync(deflated, token))
        {
            switch (item)
            {
                case Conversation conversation when HistoryContents.Read(part, conversation, state.Credentials) is { } chat:
                    await TellAsync(chat, [new(chat.Chat, chat.ChatAlternate)], token, conversation);
                    Chats++;
                    Messages += chat.Messages.Count;
                    break;
                case Pushname { Pushname_.Length: > 0 } name when Jid.TryParse(name.Id, out var person):
                    _names.Add(new(person, name.Pushname_));
                    break;
                case PhoneNumberToLidMapping mapping when Jid.TryParse(mapping.PnJid, out var phone) && Jid.TryParse(mapping.LidJid, out var lid):
                    _addresses.Add(new(phone, lid));
                    break;
                case HistorySync { NctSalt: { Length: > 0 } salt }:
                    await state.Units.RunAsync(unit => PrivacyTokens.KeepSalt(unit, salt.Span), token);
                    break;
            }

            if (_names.Count == Limits.HistoryNames || _addresses.Count == Limits.HistoryNames)
                await TellNamesAsync(token);
        }

        await TellNamesAsync(token);
    }

    private async Task TellNamesAsync(CancellationToken token)
    {
        if (_names.Count > 0)
            await TellAsync(new HistoryNamesReceived(part, _names.ToArray()), [], token);
        if (_addresses.Count > 0)
            await TellAsync(new HistoryAddressesReceived(part, _addresses.ToArray()), _addresses.Select(pair => (pair.Key, (Jid?)pair.Value)), token);
        _names.Clear();
        _addresses.Clear();
    }

    private async Task TellAsync(ClientEvent happened, IEnumerable<(Jid One, Jid? Other)> learned, CancellationToken token, Conversation? recalled = null)
    {
        while (isReaderBehind())
            await clock.WaitAsync(Pause, token);
        await state.Units.RunAsync(
            async unit =>
            {
                foreach (var (one, other) in learned)
                    await unit.LearnAsync(one, other, token);
                if (recalled is not null)
                    await PrivacyTokens.RecallAsync(unit, Jid.Parse(recalled.Id), recalled, state.Credentials, clock.GetUtcNow(), token);
                unit.Tell(happened);
            },
            token);
    }
}
