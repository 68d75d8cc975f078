using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using FocoBot.WhatsApp.Proto;
using Operation = FocoBot.WhatsApp.Proto.SyncdMutation.Types.Operation;

namespace FocoBot.WhatsApp.AppState;

/// <summary>A setting to be made or taken back.</summary>
/// <param name="Index">Which: its kind, and what of.</param>
/// <param name="Value">To what.</param>
/// <param name="ActionVersion">The version of its kind.</param>
/// <param name="Operation">Whether it is made or taken back.</param>
internal sealed record Setting(string[] Index, SyncActionValue Value, int ActionVersion, Operation Operation = Operation.Set)
{
    // As JavaScript writes it: the MAC over it decides which setting it is.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public byte[] IndexJson
    {
        get
        {
            var bytes = new ArrayBufferWriter<byte>();
            using var writer = new Utf8JsonWriter(bytes, Plain);
            writer.WriteStartArray();
            foreach (var part in Index)
                writer.WriteStringValue(part);
            writer.WriteEndArray();
            writer.Flush();
            return bytes.WrittenSpan.ToArray();
        }
    }
}

/// <summary>What the changes of settings mean. Those of kinds that are of no use here mean nothing.</summary>
internal static class Settings
{
    /// <summary>What a change tells; null for nothing.</summary>
    public static AppStateEvent? Describe(Mutation mutation)
    {
        var told = ReadIndex(mutation.IndexJson) is { } index ? Describe(index, mutation.Value, mutation.Operation == Operation.Set) : null;
        return told is null ? null : told with { Time = Milliseconds(mutation.Value.Timestamp) };
    }

    /// <summary>
    /// What the account makes tokens from for those who have given it none (<c>nct_salt_sync</c>); empty when that is taken back, null when the change is another one.
    /// </summary>
    public static ReadOnlyMemory<byte>? ReadSalt(Mutation mutation) =>
        !mutation.IndexJson.AsSpan().SequenceEqual("""["nct_salt_sync"]"""u8) ? null
        : mutation.Operation == Operation.Set ? mutation.Value.NctSaltSyncAction?.Salt.Memory
        : ReadOnlyMemory<byte>.Empty;

    /// <summary>The parts of an index; null when it is no list of texts and numbers. The account's own devices wrote it, so that is no attack.</summary>
    public static string[]? ReadIndex(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind is not JsonValueKind.Array
                ? null
                : [.. document.RootElement.EnumerateArray().Select(part => part.ValueKind is JsonValueKind.String ? part.GetString()! : part.GetRawText())];
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static AppStateEvent? Describe(string[] index, SyncActionValue value, bool set)
    {
        if (index is ["setting_pushName"])
            return set && value.PushNameSetting is { Name.Length: > 0 } name ? new PushNameChanged(name.Name) : null;
        if (index is [var kind and ("label_edit" or "label_jid" or "label_message"), var label, ..])
            return DescribeLabel(kind, label, index, value, set);
        if (index.Length < 2 || !Jid.TryParse(index[1], out var jid))
            return null;
        return (index[0], value) switch
        {
            ("contact", { ContactAction: { } contact }) when set => new ContactNamed(jid, Text(contact.FullName), Text(contact.FirstName))
            {
                Alternate = Alternate(jid, contact.LidJid) ?? Alternate(jid, contact.PnJid),
            },
            ("lid_contact", { LidContactAction: { } contact }) when set => new ContactNamed(jid, Text(contact.FullName), Text(contact.FirstName)),
            ("contact" or "lid_contact", _) when !set => new ContactNamed(jid, null, null),
            ("mute", { MuteAction: { } mute }) => new ChatMuted(jid, set && mute.Muted, set && mute.Muted ? Milliseconds(mute.MuteEndTimestamp) : null),
            ("pin_v1", { PinAction: { } pin }) => new ChatPinned(jid, set && pin.Pinned),
            ("archive", { ArchiveChatAction: { } archive }) => new ChatArchived(jid, set && archive.Archived),
            ("markChatAsRead", { MarkChatAsReadAction: { } read }) when set => new ChatMarkedRead(jid, read.Read),
            ("clearChat", _) when set => new ChatCleared(jid),
            ("deleteChat", _) when set => new ChatDeleted(jid),
            ("star", { StarAction: { } star }) when index.Length >= 4 => new MessageStarred(jid, index[2], index[3] == "1", set && star.Starred) { Sender = Sender(index) },
            ("deleteMessageForMe", _) when set && index.Length >= 4 => new MessageDeletedForMe(jid, index[2], index[3] == "1") { Sender = Sender(index) },
            _ => null,
        };
    }

    private static AppStateEvent? DescribeLabel(string kind, string label, string[] index, SyncActionValue value, bool set)
    {
        if (kind == "label_edit")
        {
            return !set ? new LabelChanged(label, null, 0, IsDeleted: true)
                : value.LabelEditAction is { } edit ? new LabelChanged(label, Text(edit.Name), edit.Color, edit.Deleted)
                : null;
        }

        if (index.Length < 3 || !Jid.TryParse(index[2], out var chat) || (set && value.LabelAssociationAction is null))
            return null;
        var isLabeled = set && value.LabelAssociationAction.Labeled;
        return kind == "label_jid" ? new ChatLabeled(chat, label, isLabeled)
            : index.Length >= 4 ? new MessageLabeled(chat, index[3], label, isLabeled)
            : null;
    }

    private static string? Text(string text) => text.Length == 0 ? null : text;

    private static Jid? Alternate(Jid jid, string text) => Jid.TryParse(text, out var other) && other != jid ? other : null;

    private static Jid? Sender(string[] index) => index.Length >= 5 && Jid.TryParse(index[4], out var sender) && sender.User.Length > 0 ? sender : null;

    // 0 for what is not said, -1 for ever; what no calendar has is as good as for ever.
    private static DateTimeOffset? Milliseconds(long time) =>
        time <= 0 || time > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? null : DateTimeOffset.FromUnixTimeMilliseconds(time);
}
