using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace FocoBot.Accounts;

/// <summary>
/// Hashes and checks passwords. At most half of the cores do so at a time, so that a flood of sign-ins leaves the rest
/// of the server its share.
/// </summary>
public sealed class Passwords : IDisposable
{
    private static readonly object Nobody = new();

    private readonly PasswordHasher<object> _hasher;
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly string _nobodysHash;
    private int _waiting;

    public Passwords(IOptions<PasswordHasherOptions> options)
    {
        _hasher = new PasswordHasher<object>(options);
        _nobodysHash = _hasher.HashPassword(Nobody, SecretToken.New());
    }

    /// <exception cref="HashingBusyException">Too many wait already.</exception>
    public Task<string> HashAsync(string password, CancellationToken cancellation) =>
        InTurnAsync(() => _hasher.HashPassword(Nobody, Canonical(password)), cancellation);

    /// <summary>Checks a password; without a hash (nobody has that e-mail) it takes as long and fails.</summary>
    /// <exception cref="HashingBusyException">Too many wait already.</exception>
    public Task<PasswordVerificationResult> VerifyAsync(string? hash, string password, CancellationToken cancellation) =>
        InTurnAsync(() =>
        {
            var result = _hasher.VerifyHashedPassword(Nobody, hash ?? _nobodysHash, Canonical(password));
            return hash is null ? PasswordVerificationResult.Failed : result;
        }, cancellation);

    public void Dispose() => _turns.Dispose();

    // Two keyboards may write "ñ" as one character or as two.
    private static string Canonical(string password) => password.Normalize(System.Text.NormalizationForm.FormC);

    private async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > AccountLimits.HashQueue)
        {
            Interlocked.Decrement(ref _waiting);
            throw new HashingBusyException();
        }

        try
        {
            await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await Task.Run(work, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }
}

/// <summary>More passwords wait to be hashed than can be in a sensible time; try again later.</summary>
public sealed class HashingBusyException() : Exception("Too many passwords wait to be hashed.");
