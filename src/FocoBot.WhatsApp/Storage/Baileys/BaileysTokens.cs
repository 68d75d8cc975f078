using System.Globalization;
using System.Text.Json;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.Storage.Baileys;

/// <summary>
/// Privacy tokens, and a file that lists whose there are.
/// <code>
/// tctoken-{jid}.json      {"token":Buffer,"timestamp":"seconds"?,"senderTimestamp":seconds?}
/// tctoken-__index.json    {"token":Buffer of a JSON array of jids}
/// </code>
/// </summary>
internal static class BaileysTokens
{
    private const string Index = "__index";

    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
    private static readonly BoundedRecords Tokens = new(RecordKind.PrivacyToken, RecordKind.PrivacyTokenPlace, Limits.PrivacyTokens);

    public static async Task ReadAsync(DeviceUnit unit, string id, BaileysValue file, CancellationToken token)
    {
        var given = file["token"].Bytes();
        if (id == Index)
            return;
        if (!Jid.TryParse(id, out var user) || user.Domain is null || user.Device > 0)
            throw file.Broken();
        var stored = new StoredPrivacyToken();
        // Without its time a token is of no use, and Baileys shows it to nobody.
        if (given.Length is > 0 and <= Limits.PrivacyTokenBytes && Seconds(file, "timestamp") is { } received)
            (stored.Token, stored.Received) = (ByteString.CopyFrom(given), received);
        if (Seconds(file, "senderTimestamp") is { } issued)
            stored.Issued = issued;
        await Tokens.StoreAsync(unit, user.ToString(), stored.ToByteArray(), token);
    }

    public static async Task WriteAsync(BaileysFiles files, IDeviceStore store, CancellationToken token)
    {
        var records = await store.ListAsync(RecordKind.PrivacyToken, token);
        if (records.Count == 0)
            return;
        foreach (var (user, record) in records)
            files.Add(BaileysFile.Of(BaileysFile.PrivacyToken, user), json => Write(json, StoredPrivacyToken.Parser.ParseFrom(record)));
        var users = BaileysWriting.Json(json =>
        {
            json.WriteStartArray();
            foreach (var (user, _) in records)
                json.WriteStringValue(user);
            json.WriteEndArray();
        });
        files.Add(BaileysFile.Of(BaileysFile.PrivacyToken, Index), json =>
        {
            json.WriteStartObject();
            json.WriteBuffer("token", users);
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, StoredPrivacyToken stored)
    {
        json.WriteStartObject();
        json.WriteBuffer("token", stored.Token.Span);
        if (stored.Received > 0)
            json.WriteString("timestamp", stored.Received.ToString(CultureInfo.InvariantCulture));
        if (stored.Issued > 0)
            json.WriteNumber("senderTimestamp", stored.Issued);
        json.WriteEndObject();
    }

    // Both times are seen as texts and as numbers.
    private static long? Seconds(BaileysValue file, string name) => file.Optional(name) is not { } value ? null
        : !value.IsText ? value.Number(0, Latest)
        : long.TryParse(value.Text(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= Latest ? seconds
        : throw value.Broken();
}
