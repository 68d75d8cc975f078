namespace FocoBot.Channels.Twilio;

/// <summary>Registers what the channel needs.</summary>
public static class TwilioServices
{
    /// <summary>
    /// Adds <see cref="TwilioOptions"/>, and when they are configured <see cref="TwilioClient"/>, <see cref="TwilioSignature"/> and
    /// <see cref="SendPace"/>. The framework's own request log is off: it would write recipients' numbers.
    /// </summary>
    public static IServiceCollection AddTwilio(this IServiceCollection services, TwilioOptions options)
    {
        services.AddSingleton(options);
        if (!options.IsConfigured)
            return services;

        services.AddSingleton(new TwilioSignature(options.AuthTokens));
        services.AddSingleton(provider => new SendPace(options, provider.GetRequiredService<TimeProvider>()));
        services.AddHttpClient<TwilioClient>(Prepare)
            .ConfigurePrimaryHttpMessageHandler(() => Transport(options))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .RemoveAllLoggers();
        return services;
    }

    /// <summary>The client's own timeout stays off, because it could not tell a request not sent from one not answered.</summary>
    internal static void Prepare(HttpClient http)
    {
        http.Timeout = Timeout.InfiniteTimeSpan;
        http.MaxResponseContentBufferSize = TwilioLimits.AnswerBytes;
    }

    internal static SocketsHttpHandler Transport(TwilioOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        AllowAutoRedirect = false,
        UseCookies = false,
        // Fresh DNS now and then; and idle connections close before the far side does, or a send on a dying one counts as unknown.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
    };
}
