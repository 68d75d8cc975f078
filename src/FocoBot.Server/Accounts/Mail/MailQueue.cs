using System.Threading.Channels;
using FocoBot.Storage;

namespace FocoBot.Accounts.Mail;

/// <summary>
/// Sends mail apart from requests, so that no answer's time tells whether a mail went out. A mail that is lost with the
/// process is asked for again: all of ours are answers to somebody who is waiting.
/// </summary>
public sealed partial class MailQueue(SmtpSettings? settings, TimeProvider clock, ILogger<MailQueue> log) : BackgroundService
{
    private const int Capacity = 1_000;
    private const int Attempts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // for one whole conversation
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);

    private readonly Channel<Func<Task<MailMessage?>>> _queue = Channel.CreateBounded<Func<Task<MailMessage?>>>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>False when <c>SMTP_URL</c> is not set.</summary>
    public bool IsConfigured => settings is not null;

    /// <summary>Sends what <paramref name="prepare"/> makes, if anything; it runs apart from the request too.</summary>
    public void Enqueue(Func<Task<MailMessage?>> prepare) => _queue.Writer.TryWrite(prepare);

    /// <summary>Hands a mail to the server at once, in one try. For mails that their sender keeps until then.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="id">The same for each try, so that a mail program shows a second copy as the first.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>False when the server did not take it.</returns>
    public async Task<bool> SendNowAsync(MailMessage mail, Guid id, CancellationToken stop) =>
        settings is not null && await TryAsync(mail, mail.ToWire(settings.From, id, clock.GetUtcNow()), 1, stop).ConfigureAwait(false);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings is null) return;
        try
        {
            await foreach (var prepare in _queue.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
                await SendAsync(prepare, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task SendAsync(Func<Task<MailMessage?>> prepare, CancellationToken stop)
    {
        try
        {
            if (await prepare().ConfigureAwait(false) is { } mail) await SendAsync(mail, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogNotPrepared(e.GetType().Name);
        }
    }

    private async Task SendAsync(MailMessage mail, CancellationToken stop)
    {
        var wire = mail.ToWire(settings!.From, Ids.New(clock), clock.GetUtcNow());
        for (var attempt = 1; !await TryAsync(mail, wire, attempt, stop).ConfigureAwait(false) && attempt < Attempts; attempt++)
            await Task.Delay(FirstPause * attempt, clock, stop).ConfigureAwait(false);
    }

    private async Task<bool> TryAsync(MailMessage mail, string wire, int attempt, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        try
        {
            await SmtpConversation.SendAsync(settings!, mail.To, wire, both.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            LogNotSent(attempt, e is SmtpRefusedException ? e.Message : e.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(3101, LogLevel.Warning, "Mail was not sent (attempt {Attempt}): {Reason}")]
    private partial void LogNotSent(int attempt, string reason);

    [LoggerMessage(3102, LogLevel.Error, "A mail could not be prepared: {Error}")]
    private partial void LogNotPrepared(string error);
}
