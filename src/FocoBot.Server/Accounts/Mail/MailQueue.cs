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
        for (var attempt = 1; ; attempt++)
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
            try
            {
                await SmtpConversation.SendAsync(settings, mail.To, wire, both.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                LogNotSent(attempt, e is SmtpRefusedException ? e.Message : e.GetType().Name);
            }

            if (attempt == Attempts) return;
            await Task.Delay(FirstPause * attempt, clock, stop).ConfigureAwait(false);
        }
    }

    [LoggerMessage(3101, LogLevel.Warning, "Mail was not sent (attempt {Attempt}): {Reason}")]
    private partial void LogNotSent(int attempt, string reason);

    [LoggerMessage(3102, LogLevel.Error, "A mail could not be prepared: {Error}")]
    private partial void LogNotPrepared(string error);
}
