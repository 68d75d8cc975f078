using System.Text.Json;

namespace FocoBot.Channels.Twilio;

/// <summary>A message to send. Its text form shows neither recipient nor content.</summary>
/// <param name="To">Exactly the address the person wrote from.</param>
/// <param name="Content">Text, template or media.</param>
/// <param name="StatusCallback">Where Twilio reports what became of it; its host may have no underscore. Null for no report.</param>
/// <param name="From">Our sender; null for the configured one.</param>
public sealed record OutboundMessage(ChannelAddress To, OutboundContent Content, Uri? StatusCallback = null, ChannelAddress? From = null)
{
    /// <summary>The kind of content alone.</summary>
    public override string ToString() => $"outbound {Content}";
}

/// <summary>What a message says.</summary>
public abstract record OutboundContent
{
    private OutboundContent() { }

    /// <summary>The kind, never the content.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>The form fields that carry this content. Source of the names: Twilio's OpenAPI document, CreateMessageRequest.</summary>
    internal abstract IEnumerable<KeyValuePair<string, string>> Fields();

    /// <summary>Free text, allowed for 24 hours after the person last wrote.</summary>
    public sealed record Text : OutboundContent
    {
        /// <summary>Takes a text of at most <see cref="TwilioLimits.OutboundTextLength"/> units; split longer ones with <see cref="MessageSplitter"/>.</summary>
        /// <exception cref="ArgumentException">The text is empty or too long.</exception>
        public Text(string body)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(body);
            if (body.Length > TwilioLimits.OutboundTextLength)
                throw new ArgumentException("The text is longer than Twilio takes.", nameof(body));
            Body = body;
        }

        /// <summary>The text.</summary>
        public string Body { get; }

        internal override IEnumerable<KeyValuePair<string, string>> Fields() => [new("Body", Body)];
    }

    /// <summary>An approved template, allowed at any time; or a list or button message, allowed within the 24 hours.</summary>
    public sealed record Template : OutboundContent
    {
        /// <summary>
        /// Takes a content id and its variables ("1", "2", …). WhatsApp refuses line breaks, long runs of spaces and empty
        /// values in a variable, so each becomes one line, cut to what Twilio takes, and "-" when nothing is left.
        /// </summary>
        /// <exception cref="ArgumentException">The content id is malformed.</exception>
        public Template(string contentSid, IReadOnlyDictionary<string, string> variables)
        {
            if (!TwilioSid.IsContent(contentSid))
                throw new ArgumentException("A content id is HX and 32 hexadecimal digits.", nameof(contentSid));
            ContentSid = contentSid;
            Variables = variables.ToDictionary(v => v.Key, v => OneLine(v.Value), StringComparer.Ordinal);
        }

        /// <summary>Which template.</summary>
        public string ContentSid { get; }

        /// <summary>The values as they are sent.</summary>
        public IReadOnlyDictionary<string, string> Variables { get; }

        internal override IEnumerable<KeyValuePair<string, string>> Fields()
        {
            yield return new("ContentSid", ContentSid);
            if (Variables.Count > 0)
                yield return new("ContentVariables", JsonSerializer.Serialize(Variables));
        }

        private static string OneLine(string value)
        {
            var line = string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return line.Length == 0 ? "-" : BoundedText.Cut(line, TwilioLimits.OutboundTextLength);
        }
    }

    /// <summary>One picture, document or voice note that Twilio fetches from a URL of ours.</summary>
    /// <param name="Url">Answers HEAD and GET with the right Content-Type, without a login.</param>
    public sealed record Media(Uri Url) : OutboundContent
    {
        internal override IEnumerable<KeyValuePair<string, string>> Fields() => [new("MediaUrl", Url.AbsoluteUri)];
    }
}
