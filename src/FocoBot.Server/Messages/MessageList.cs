using System.Globalization;
using FocoBot.Storage;

namespace FocoBot.Messages;

/// <summary>Which messages of a device are wanted; null asks for nothing in particular.</summary>
/// <param name="Direction">inbound or outbound.</param>
/// <param name="Type">text, image, ….</param>
/// <param name="Status">pending, sent, delivered, read or failed.</param>
/// <param name="Chat">A chat's address.</param>
/// <param name="Since">Not older than this.</param>
/// <param name="Until">Older than this.</param>
/// <param name="Search">Words that the text holds, whatever their case and accents.</param>
internal sealed record MessageFilter(string? Direction, string? Type, string? Status, string? Chat, DateTimeOffset? Since, DateTimeOffset? Until, string? Search)
{
    /// <summary>Names the filter in a cursor.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Direction}|{Type}|{Status}|{Chat}|{Since:O}|{Until:O}|{Search}");
}

/// <summary>
/// A message as it is answered. <c>chat</c> and <c>sender</c> are addresses (<c>…@s.whatsapp.net</c>, <c>…@lid</c>, <c>…@g.us</c>), <c>from</c> and <c>to</c> numbers where they are known;
/// <c>action</c> (reply, reaction, edit, delete, vote) is what it does to the message with the id <c>target</c>; <c>refusalCode</c> and, in plain
/// words, <c>refusalReason</c> say why it was not sent.
/// </summary>
internal sealed record MessageView(
    Guid Id, string MessageId, string Direction, string Type, string Chat, string Sender, string? From, string? To, string? Text, string? Action, string? Target, string? FileName, string? MimeType, long? Size,
    double? Latitude, double? Longitude, IReadOnlyList<string>? Options, IReadOnlyList<string>? Contacts, string? PushName, bool IsForwarded, bool IsViewOnce, bool HasMedia,
    string Status, DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt, DateTimeOffset CreatedAt, string? RefusalCode, string? RefusalReason);

/// <summary>Where a list goes on.</summary>
internal sealed record MessagePosition(Guid Id);

/// <summary>Messages of a device, the newest first. There is no index of what they say: a search opens them one page after the other.</summary>
internal static class MessageList
{
    // Opened for one answer of a search: some tenths of a second.
    private const int MostSearched = 5_000;
    private const int SearchPage = 500;

    private const string Columns =
        """
        id, message_id AS MessageId, direction, message_type AS Type, content, media_mimetype AS MimeType, media_size AS Size, from_number AS FromNumber, to_number AS ToNumber, status,
        sent_at AS SentAt, delivered_at AS DeliveredAt, read_at AS ReadAt, created_at AS CreatedAt, chat_id AS Chat, sender_id AS Sender, refusal_code AS RefusalCode
        """;

    /// <summary>A page after a position, and where the next one begins; null at the end.</summary>
    public static async Task<(List<MessageView> Items, MessagePosition? Next)> ReadAsync(Work work, KeptDevice device, MessageFilter filter, MessagePosition? after, int limit)
    {
        var found = new List<MessageView>();
        var searched = 0;
        while (true)
        {
            var page = filter.Search is null ? limit + 1 : SearchPage;
            var rows = await RowsAsync(work, device, filter, after, page).ConfigureAwait(false);
            foreach (var row in rows)
            {
                if (found.Count == limit) return (found, after);
                var view = View(device, row);
                after = new MessagePosition(row.Id);
                if (filter.Search is null || Holds(view, filter.Search)) found.Add(view);
            }

            searched += rows.Count;
            if (rows.Count < page) return (found, null);
            // The rest is for whoever asks again with the cursor.
            if (searched >= MostSearched) return (found, after);
        }
    }

    /// <summary>A message of a device; null when there is none.</summary>
    public static async Task<(MessageView View, MessageBody Body)?> FindAsync(Work work, KeptDevice device, Guid id)
    {
        var row = await work.FirstAsync<Row>($"SELECT {Columns} FROM whatsapp_messages WHERE id = @id AND device_id = @Device", new { id, Device = device.Id }).ConfigureAwait(false);
        return row is null ? null : (View(device, row), BodyOf(device, row));
    }

    private static Task<List<Row>> RowsAsync(Work work, KeptDevice device, MessageFilter filter, MessagePosition? after, int limit)
    {
        var conditions = new List<string> { "device_id = @Device" };
        if (after is not null) conditions.Add("id < @After");
        if (filter.Direction is not null) conditions.Add("direction = @Direction");
        if (filter.Type is not null) conditions.Add("message_type = @Type");
        if (filter.Status is not null) conditions.Add("status = @Status");
        if (filter.Chat is not null) conditions.Add("chat_id = @Chat");
        if (filter.Since is not null) conditions.Add("created_at >= @Since");
        if (filter.Until is not null) conditions.Add("created_at < @Until");
        return work.QueryAsync<Row>(
            $"SELECT {Columns} FROM whatsapp_messages WHERE {string.Join(" AND ", conditions)} ORDER BY id DESC LIMIT @limit",
            new { Device = device.Id, After = after?.Id, filter.Direction, filter.Type, filter.Status, filter.Chat, filter.Since, filter.Until, limit });
    }

    private static bool Holds(MessageView view, string words) =>
        new[] { view.Text, view.FileName, view.PushName }.Any(text => text is not null && CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, words, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0);

    private static MessageBody BodyOf(KeptDevice device, Row row) => row.Content is null ? new MessageBody() : device.Key.OpenJson<MessageBody>(MessageBook.ContentColumn, row.Id, row.Content);

    private static MessageView View(KeptDevice device, Row row)
    {
        var body = BodyOf(device, row);
        return new MessageView(
            row.Id, row.MessageId, row.Direction, row.Type, row.Chat, row.Sender, row.FromNumber, row.ToNumber, body.Text, body.Action, body.Target, body.FileName, row.MimeType, row.Size,
            body.Latitude, body.Longitude, body.Options, body.Contacts, body.PushName, body.IsForwarded, body.IsViewOnce, body.Media is not null,
            row.Status, row.SentAt, row.DeliveredAt, row.ReadAt, row.CreatedAt, row.RefusalCode, Refusal.ReasonOf(row.RefusalCode));
    }

    private sealed record Row(
        Guid Id, string MessageId, string Direction, string Type, byte[]? Content, string? MimeType, long? Size, string? FromNumber, string? ToNumber, string Status,
        DateTimeOffset? SentAt, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt, DateTimeOffset CreatedAt, string Chat, string Sender, string? RefusalCode);
}
