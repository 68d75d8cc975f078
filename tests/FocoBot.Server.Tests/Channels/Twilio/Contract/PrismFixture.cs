namespace FocoBot.Tests.Channels.Twilio.Contract;

/// <summary>One Prism for all contract tests of a class; it takes seconds to start.</summary>
public sealed class PrismFixture : IAsyncLifetime
{
    internal TwilioSpec Spec { get; } = TwilioSpec.Load();

    internal Prism Mock { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Mock = await Prism.MockAsync(Spec);

    public ValueTask DisposeAsync() => Mock.DisposeAsync();
}
