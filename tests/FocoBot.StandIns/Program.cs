using FocoBot.StandIns.Twilio;

if (args is not ["twilio", .. var rest] || !TwilioArguments.TryParse(rest, out var options))
{
    Console.Error.WriteLine(TwilioArguments.Usage);
    return 2;
}

await using var standIn = await TwilioStandIn.StartAsync(options);
Console.WriteLine($"Twilio stand-in listens on {standIn.BaseUrl} (control: {standIn.BaseUrl}_control/stats)");
await standIn.WaitForShutdownAsync();
return 0;
