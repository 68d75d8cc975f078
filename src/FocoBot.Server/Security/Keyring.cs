using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FocoBot.Storage;

namespace FocoBot.Security;

/// <summary>
/// The data keys: one an account, one the service's own, each wrapped by the master key. An account's key is made in
/// the transaction that makes the account, so a key that is in use is always durable.
/// </summary>
public sealed class Keyring(Secrets secrets, TimeProvider clock)
{
    private const string WrapColumn = "data_keys.wrapped_key";
    private const int MaxCached = 50_000; // 32 bytes each; past it the cache starts anew

    private readonly ConcurrentDictionary<Guid, DataKey> _byAccount = new();

    // Read by a unit that has not committed yet: good for that unit alone, since the account may be one it makes.
    private readonly ConditionalWeakTable<Work, Dictionary<Guid, DataKey>> _byUnit = [];
    private DataKey? _service;

    /// <summary>True once the service's key was opened: what is sealed can be read.</summary>
    public bool IsOpen => _service is not null;

    /// <summary>The service's own key, for what belongs to no account yet.</summary>
    public DataKey Service => _service ?? throw new InvalidOperationException("The keyring is not open yet.");

    /// <summary>Loads the service's key, making it at the first start; it is open once the unit is durable.</summary>
    /// <exception cref="StartupException">The master key is not the one this database was sealed with.</exception>
    public async Task OpenAsync(Work work)
    {
        var row = await work.FirstAsync<Row>("SELECT id, wrapped_key AS wrapped FROM data_keys WHERE purpose = 'service'").ConfigureAwait(false);
        var key = row is null ? await MakeAsync(work, null, "service").ConfigureAwait(false) : UnwrapOwn(row);
        work.OnCommit(() => _service = key);
    }

    /// <summary>Makes the key of a new account, in the transaction that makes the account.</summary>
    public Task<DataKey> MakeForAccountAsync(Work work, Guid accountId) => MakeAsync(work, accountId, "account");

    /// <summary>The key of an account.</summary>
    public async ValueTask<DataKey> OfAsync(Work work, Guid accountId)
    {
        if (_byAccount.TryGetValue(accountId, out var known)) return known;
        var ofUnit = _byUnit.GetOrCreateValue(work);
        if (ofUnit.TryGetValue(accountId, out known)) return known;
        var row = await work.FirstAsync<Row>("SELECT id, wrapped_key AS wrapped FROM data_keys WHERE user_id = @accountId", new { accountId }).ConfigureAwait(false)
            ?? throw new InvalidOperationException("The account has no data key.");
        var key = ofUnit[accountId] = Unwrap(row);
        if (_byAccount.Count >= MaxCached) _byAccount.Clear();
        work.OnCommit(() => _byAccount[accountId] = key);
        return key;
    }

    private async Task<DataKey> MakeAsync(Work work, Guid? accountId, string purpose)
    {
        var key = new DataKey(Ids.New(clock), RandomNumberGenerator.GetBytes(32));
        await work.ExecuteAsync("INSERT INTO data_keys (id, user_id, purpose, wrapped_key, created_at) VALUES (@Id, @accountId, @purpose, @wrapped, @now)",
            new { key.Id, accountId, purpose, wrapped = Envelope.Seal(secrets.MasterKey, Guid.Empty, key.Bytes, WrapColumn, key.Id), now = clock.GetUtcNow() }).ConfigureAwait(false);
        return key;
    }

    private DataKey UnwrapOwn(Row row)
    {
        try
        {
            return Unwrap(row);
        }
        catch (CryptographicException)
        {
            throw new StartupException("FOCOBOT_ENCRYPTION_KEY is not the key this database was sealed with. Start with the old key; nothing was changed.");
        }
    }

    private DataKey Unwrap(Row row) => new(row.Id, Envelope.Open(secrets.MasterKey, row.Wrapped, WrapColumn, row.Id));

    private sealed record Row(Guid Id, byte[] Wrapped);
}

/// <summary>One data key. Its bytes never leave this assembly's sealing code.</summary>
public sealed class DataKey
{
    internal DataKey(Guid id, byte[] bytes)
    {
        Id = id;
        Bytes = bytes;
    }

    internal Guid Id { get; }

    internal byte[] Bytes { get; }

    /// <summary>Seals text for <paramref name="column"/> (<c>table.column</c>) of the row with id <paramref name="row"/>.</summary>
    public byte[] Seal(string column, Guid row, string text) => Envelope.Seal(Bytes, Id, Encoding.UTF8.GetBytes(text), column, row);

    /// <summary>Opens what <see cref="Seal(string, Guid, string)"/> made for the same column and row.</summary>
    public string Open(string column, Guid row, byte[] sealedBytes) => Encoding.UTF8.GetString(Envelope.Open(Bytes, sealedBytes, column, row));

    /// <summary>Seals bytes for <paramref name="column"/> of a row.</summary>
    public byte[] Seal(string column, Guid row, ReadOnlySpan<byte> plain) => Envelope.Seal(Bytes, Id, plain, column, row);

    /// <summary>Opens what was sealed for the same column and row.</summary>
    public byte[] OpenBytes(string column, Guid row, byte[] sealedBytes) => Envelope.Open(Bytes, sealedBytes, column, row);

    /// <summary>Seals a value as JSON.</summary>
    public byte[] SealJson<T>(string column, Guid row, T value) =>
        Envelope.Seal(Bytes, Id, JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web), column, row);

    /// <summary>Opens what <see cref="SealJson{T}"/> made for the same column and row.</summary>
    public T OpenJson<T>(string column, Guid row, byte[] sealedBytes) =>
        JsonSerializer.Deserialize<T>(Envelope.Open(Bytes, sealedBytes, column, row), JsonSerializerOptions.Web)!;
}
