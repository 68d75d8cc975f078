using System.Security.Cryptography;
using System.Text;
using FocoBot.Security;
using FocoBot.Storage;

namespace FocoBot.Accounts;

/// <summary>An account's second factor: an authenticator app, and recovery codes for when it is lost.</summary>
public sealed class SecondFactor(Keyring keyring, Secrets secrets, TimeProvider clock)
{
    private const string SecretColumn = "accounts.totp_secret";
    private const string CodeAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // no 0 O 1 I
    private const int CodeLength = 10;                                       // 50 bits

    /// <summary>Keeps a new secret that counts for nothing until a code confirms it; null when a second factor is on already.</summary>
    internal async Task<byte[]?> BeginAsync(Work work, Guid accountId)
    {
        var secret = Totp.NewSecret();
        var key = await keyring.OfAsync(work, accountId).ConfigureAwait(false);
        var kept = await work.ExecuteAsync("UPDATE accounts SET totp_secret = @secret, totp_last_step = NULL WHERE id = @accountId AND totp_enabled_at IS NULL",
            new { accountId, secret = key.SealJson(SecretColumn, accountId, secret) }).ConfigureAwait(false);
        return kept == 0 ? null : secret;
    }

    /// <summary>Turns the second factor on when <paramref name="code"/> proves that the app has the secret; the recovery codes, else null.</summary>
    internal async Task<IReadOnlyList<string>?> ConfirmAsync(Work work, Guid accountId, string code)
    {
        var state = await StateAsync(work, accountId).ConfigureAwait(false);
        if (state.Secret is null || state.EnabledAt is not null || !await AcceptTotpAsync(work, accountId, state.Secret, Compact(code)).ConfigureAwait(false)) return null;
        await work.ExecuteAsync("UPDATE accounts SET totp_enabled_at = @now WHERE id = @accountId", new { accountId, now = clock.GetUtcNow() }).ConfigureAwait(false);
        var codes = Enumerable.Range(0, AccountLimits.RecoveryCodes).Select(_ => RandomNumberGenerator.GetString(CodeAlphabet, CodeLength)).ToList();
        foreach (var recovery in codes)
            await work.ExecuteAsync("INSERT INTO recovery_codes (user_id, code_hash) VALUES (@accountId, @hash)", new { accountId, hash = HashOf(accountId, recovery) }).ConfigureAwait(false);
        return codes.ConvertAll(recovery => recovery.Insert(CodeLength / 2, "-"));
    }

    /// <summary>True for the app's code of now, or a recovery code; either is good once.</summary>
    internal async Task<bool> AcceptAsync(Work work, Guid accountId, string code)
    {
        var compact = Compact(code);
        if (compact.Length == CodeLength)
            return await work.ExecuteAsync("DELETE FROM recovery_codes WHERE user_id = @accountId AND code_hash = @hash",
                new { accountId, hash = HashOf(accountId, compact) }).ConfigureAwait(false) > 0;
        var state = await StateAsync(work, accountId).ConfigureAwait(false);
        return state.Secret is not null && await AcceptTotpAsync(work, accountId, state.Secret, compact).ConfigureAwait(false);
    }

    /// <summary>Turns the second factor off.</summary>
    internal static Task EndAsync(Work work, Guid accountId) => work.ExecuteAsync(
        """
        UPDATE accounts SET totp_secret = NULL, totp_enabled_at = NULL, totp_last_step = NULL WHERE id = @accountId;
        DELETE FROM recovery_codes WHERE user_id = @accountId
        """, new { accountId });

    private async Task<bool> AcceptTotpAsync(Work work, Guid accountId, byte[] sealedSecret, string code)
    {
        var key = await keyring.OfAsync(work, accountId).ConfigureAwait(false);
        if (Totp.Match(key.OpenJson<byte[]>(SecretColumn, accountId, sealedSecret), code, clock.GetUtcNow()) is not { } step) return false;
        return await work.ExecuteAsync("UPDATE accounts SET totp_last_step = @step WHERE id = @accountId AND (totp_last_step IS NULL OR totp_last_step < @step)",
            new { accountId, step }).ConfigureAwait(false) > 0;
    }

    private static async Task<State> StateAsync(Work work, Guid accountId) =>
        (await work.FirstAsync<State>("SELECT totp_secret AS secret, totp_enabled_at AS enabledAt FROM accounts WHERE id = @accountId", new { accountId }).ConfigureAwait(false))!;

    // As people type them: "123 456", "abcde-fghij".
    private static string Compact(string code) => new string([.. code.Where(c => !char.IsWhiteSpace(c) && c != '-')]).ToUpperInvariant();

    // Too short for a bare hash: the pepper is not in the database.
    private byte[] HashOf(Guid accountId, string code) => HMACSHA256.HashData(secrets.Pepper, Encoding.UTF8.GetBytes($"recovery {accountId:D} {code}"));

    private sealed record State(byte[]? Secret, DateTimeOffset? EnabledAt);
}
