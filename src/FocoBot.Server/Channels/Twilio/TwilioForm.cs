using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace FocoBot.Channels.Twilio;

/// <summary>
/// The fields of a form-urlencoded webhook, decoded but kept as UTF-8, ordered by key and then value as the signature wants them.
/// Text is made only of the fields somebody asks for. Values keep their leading and trailing spaces.
/// </summary>
public sealed class TwilioForm
{
    private readonly byte[] _bytes;
    private readonly Field[] _fields;

    private TwilioForm(byte[] bytes, Field[] fields) => (_bytes, _fields) = (bytes, fields);

    /// <summary>A form without fields, as a GET or a JSON request has it.</summary>
    public static TwilioForm Empty { get; } = new([], []);

    /// <summary>How many fields there are, repeated keys counted each time.</summary>
    public int Count => _fields.Length;

    /// <summary>The value of a key, "" when it is empty and null when the key is absent. Of a repeated key, the least value.</summary>
    public string? this[string key] => IndexOf(key) is var i and >= 0 ? Encoding.UTF8.GetString(Value(i)) : null;

    /// <summary>
    /// Decodes a body. False when it is too large, has too many fields, a broken escape, invalid UTF-8 or a NUL character,
    /// which no engine we store to keeps as text.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out TwilioForm? form)
    {
        form = null;
        if (body.Length > TwilioLimits.WebhookBytes)
            return false;
        if (body.IsEmpty)
        {
            form = Empty;
            return true;
        }

        var most = body.Count((byte)'&') + 1;
        if (most > TwilioLimits.FormFields)
            return false;

        var bytes = new byte[body.Length];
        var fields = new Field[most];
        var (count, end) = (0, 0);
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            if (pair.IsEmpty)
                continue;
            var equals = pair.IndexOf((byte)'=');
            var key = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? [] : pair[(equals + 1)..];

            var start = end;
            if (!TryDecode(key, bytes, ref end) || end - start > TwilioLimits.FormKeyBytes)
                return false;
            var middle = end;
            if (!TryDecode(value, bytes, ref end))
                return false;
            fields[count++] = new Field(start, middle, end);
        }

        fields.AsSpan(0, count).Sort(new ByKeyThenValue(bytes));
        form = new TwilioForm(bytes, count == most ? fields : fields[..count]);
        return true;
    }

    /// <summary>The UTF-8 of the key at a place in the order.</summary>
    internal ReadOnlySpan<byte> Key(int index) => _fields[index].Key(_bytes);

    /// <summary>The UTF-8 of the value at a place in the order.</summary>
    internal ReadOnlySpan<byte> Value(int index) => _fields[index].Value(_bytes);

    private int IndexOf(string key)
    {
        Span<byte> wanted = stackalloc byte[TwilioLimits.FormKeyBytes];
        if (!Encoding.UTF8.TryGetBytes(key, wanted, out var length))
            return -1;
        wanted = wanted[..length];

        var (low, high) = (0, _fields.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Key(middle).SequenceCompareTo(wanted) < 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low < _fields.Length && Key(low).SequenceEqual(wanted) ? low : -1;
    }

    private static bool TryDecode(ReadOnlySpan<byte> source, byte[] target, ref int end)
    {
        var start = end;
        for (var i = 0; i < source.Length; i++)
        {
            var b = source[i];
            if (b == '+')
            {
                b = (byte)' ';
            }
            else if (b == '%')
            {
                if (i + 2 >= source.Length || Convert.FromHexString(source.Slice(i + 1, 2), target.AsSpan(end, 1), out _, out _) != OperationStatus.Done)
                    return false;
                b = target[end];
                i += 2;
            }

            if (b == 0)
                return false;
            target[end++] = b;
        }

        return Utf8.IsValid(target.AsSpan(start, end - start));
    }

    private readonly record struct Field(int Start, int Middle, int End)
    {
        public ReadOnlySpan<byte> Key(byte[] bytes) => bytes.AsSpan(Start, Middle - Start);

        public ReadOnlySpan<byte> Value(byte[] bytes) => bytes.AsSpan(Middle, End - Middle);
    }

    // Byte order equals the ordinal order of UTF-16 strings for every key Twilio sends (ASCII).
    private readonly struct ByKeyThenValue(byte[] bytes) : IComparer<Field>
    {
        public int Compare(Field x, Field y)
        {
            var order = x.Key(bytes).SequenceCompareTo(y.Key(bytes));
            return order != 0 ? order : x.Value(bytes).SequenceCompareTo(y.Value(bytes));
        }
    }
}
