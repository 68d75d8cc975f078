using System.IO.Compression;
using System.Runtime.CompilerServices;
using FocoBot.WhatsApp.Proto;
using Google.Protobuf;

namespace FocoBot.WhatsApp.History;

/// <summary>Reads a part of the history: zlib around a <c>HistorySync</c>, of which one conversation, name, mapping or salt is held at a time.</summary>
internal static class HistoryReader
{
    /// <summary>Reads what is of use: <see cref="Conversation"/>, <see cref="Pushname"/>, <see cref="PhoneNumberToLidMapping"/>, and a <see cref="HistorySync"/> with the salt alone, as they come.</summary>
    /// <exception cref="ProtocolException">It is damaged, or one of the limits is passed.</exception>
    public static async IAsyncEnumerable<IMessage> ReadAsync(Stream deflated, [EnumeratorCancellation] CancellationToken token)
    {
        await using var inflated = new ZLibStream(new UncutStream(deflated), CompressionMode.Decompress);
        using var fields = new FieldReader(inflated, Limits.HistoryBytes, Limits.HistoryConversation);
        while (await fields.NextAsync(IsOfUse, token) is var (number, bytes))
        {
            yield return number switch
            {
                HistorySync.ConversationsFieldNumber => ProtoReader.Parse<Conversation>(bytes.Span, Limits.HistoryConversation),
                HistorySync.PushnamesFieldNumber => ProtoReader.Parse<Pushname>(bytes.Span),
                HistorySync.NctSaltFieldNumber => new HistorySync { NctSalt = ByteString.CopyFrom(bytes.Span) },
                _ => ProtoReader.Parse<PhoneNumberToLidMapping>(bytes.Span),
            };
        }
    }

    private static bool IsOfUse(int field) =>
        field is HistorySync.ConversationsFieldNumber or HistorySync.PushnamesFieldNumber or HistorySync.PhoneNumberToLidMappingsFieldNumber
            or HistorySync.NctSaltFieldNumber;
}
