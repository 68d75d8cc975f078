namespace FocoBot.WhatsApp.Messaging;

/// <summary>Which fields of a message count for its reporting token: plain ones as they are, others only in part.</summary>
internal sealed class ReportableFields
{
    private static readonly ReportableFields ContextInfo = Of(21, 22); // forwardingScore, isForwarded
    private static readonly ReportableFields PollOption = Of(1, 2);

    private readonly Dictionary<uint, ReportableFields?> _fields = [];

    /// <summary>Those of the whole message.</summary>
    public static ReportableFields Message { get; } = BuildMessage();

    /// <summary>True when the field counts; <paramref name="inner"/> is then what counts inside of it, null for all.</summary>
    public bool Holds(uint number, out ReportableFields? inner) => _fields.TryGetValue(number, out inner);

    private static ReportableFields BuildMessage()
    {
        var message = Of(1); // conversation
        message.Add(3, Of(2, 3, 8, 11, 25).Add(17, ContextInfo)); // image
        message.Add(4, Of(1, 16).Add(17, ContextInfo)); // contact
        message.Add(5, Of(3, 4, 5, 16).Add(17, ContextInfo)); // location
        message.Add(6, Of(1, 30).Add(17, ContextInfo)); // extended text
        message.Add(7, Of(2, 7, 10, 20).Add(17, ContextInfo)); // document
        message.Add(8, Of(2, 7, 9, 21).Add(17, ContextInfo)); // audio
        var video = Of(2, 6, 7, 13, 20).Add(17, ContextInfo);
        message.Add(9, video);
        message.Add(66, video); // PTV
        message.Add(18, Of(6, 16).Add(17, ContextInfo)); // live location
        message.Add(26, Of(4, 5, 8, 13).Add(17, ContextInfo)); // sticker
        message.Add(28, Of(1, 2, 4, 5, 6).Add(7, ContextInfo)); // group invite
        var poll = Of(2).Add(3, PollOption).Add(5, ContextInfo).Add(8, PollOption);
        foreach (var number in (uint[])[49, 60, 64])
            message.Add(number, poll);
        message.Add(88, Of(1).Add(2, Of(1)).Add(3, ContextInfo)); // poll result
        message.Add(12, Of(1, 2, 15).Add(14, message)); // protocol message with the edited one inside
        // View-once, document with caption, edited and the like wrap a message in their field 1.
        var wrapper = new ReportableFields().Add(1, message);
        foreach (var number in (uint[])[37, 53, 55, 58, 59, 74, 87, 92, 93, 94])
            message.Add(number, wrapper);
        return message;
    }

    private static ReportableFields Of(params ReadOnlySpan<uint> plain)
    {
        var fields = new ReportableFields();
        foreach (var number in plain)
            fields._fields.Add(number, null);
        return fields;
    }

    private ReportableFields Add(uint number, ReportableFields inner)
    {
        _fields.Add(number, inner);
        return this;
    }
}
