using System.Buffers;

namespace FocoBot.WhatsApp.History;

/// <summary>
/// The fields of one protobuf message that comes as a stream, of which only one field is held at a time.
/// <code>
/// field = varint(number &lt;&lt; 3 | type) | value
/// value = varint (type 0) | 8 bytes (1) | varint(length) | bytes (2) | 4 bytes (5)
/// </code>
/// </summary>
/// <param name="source">The message; an <see cref="InvalidDataException"/> or <see cref="IOException"/> of it breaks the protocol.</param>
/// <param name="longest">Bytes it may have in all.</param>
/// <param name="longestField">Bytes a field may have that is wanted.</param>
internal sealed class FieldReader(Stream source, long longest, int longestField) : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private const int VarintBytes = 10;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private byte[] _field = [];
    private int _begin, _end;
    private long _total;

    /// <summary>Reads on to the next field with bytes that is wanted; all others are passed over without being held.</summary>
    /// <param name="isWanted">Which fields are wanted, by number.</param>
    /// <param name="token">Gives up.</param>
    /// <returns>Its number and bytes, good until the next call; null at the end.</returns>
    /// <exception cref="ProtocolException">It is no such message, is cut short, or is too long.</exception>
    public async ValueTask<(int Number, ReadOnlyMemory<byte> Bytes)?> NextAsync(Func<int, bool> isWanted, CancellationToken token)
    {
        while (await FillAsync(token))
        {
            var tag = await VarintAsync(token);
            var number = tag >> 3;
            if (number is 0 or > int.MaxValue)
                throw new ProtocolException("A field has an impossible number.");
            switch (tag & 7)
            {
                case 0:
                    await VarintAsync(token);
                    break;
                case 1:
                    await SkipAsync(8, token);
                    break;
                case 5:
                    await SkipAsync(4, token);
                    break;
                case 2:
                    var length = await VarintAsync(token);
                    if (isWanted((int)number))
                        return ((int)number, await TakeAsync(length, token));
                    await SkipAsync(length, token);
                    break;
                default:
                    throw new ProtocolException("A field has an impossible type.");
            }
        }

        return null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        if (_field.Length > 0)
            ArrayPool<byte>.Shared.Return(_field);
        _field = [];
    }

    private async ValueTask<ReadOnlyMemory<byte>> TakeAsync(ulong length, CancellationToken token)
    {
        if (length > (ulong)longestField)
            throw new ProtocolException("A field is too long.");
        // It grows with what has come, not with what is claimed.
        for (var taken = 0; taken < (int)length;)
        {
            await RequireAsync(token);
            var count = Math.Min(_end - _begin, (int)length - taken);
            if (_field.Length < taken + count)
                Grow(taken, Math.Max(taken + count, Math.Min(2 * _field.Length, longestField)));
            _buffer.AsSpan(_begin, count).CopyTo(_field.AsSpan(taken));
            _begin += count;
            taken += count;
        }

        return _field.AsMemory(0, (int)length);
    }

    private void Grow(int used, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(length);
        _field.AsSpan(0, used).CopyTo(larger);
        if (_field.Length > 0)
            ArrayPool<byte>.Shared.Return(_field);
        _field = larger;
    }

    private async ValueTask SkipAsync(ulong length, CancellationToken token)
    {
        while (length > 0)
        {
            await RequireAsync(token);
            var count = (int)Math.Min((ulong)(_end - _begin), length);
            _begin += count;
            length -= (ulong)count;
        }
    }

    private async ValueTask<ulong> VarintAsync(CancellationToken token)
    {
        ulong value = 0;
        for (var i = 0; i < VarintBytes; i++)
        {
            await RequireAsync(token);
            var next = _buffer[_begin++];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
                return value;
        }

        throw new ProtocolException("A number does not end.");
    }

    private async ValueTask RequireAsync(CancellationToken token)
    {
        if (!await FillAsync(token))
            throw new ProtocolException("A message is cut short.");
    }

    private async ValueTask<bool> FillAsync(CancellationToken token)
    {
        if (_begin < _end)
            return true;
        try
        {
            _begin = _end = 0;
            _end = await source.ReadAsync(_buffer, token);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            throw new ProtocolException("A message can't be inflated.", damaged);
        }

        _total += _end;
        return _total <= longest ? _end > 0 : throw new ProtocolException("A message is too long.");
    }
}
