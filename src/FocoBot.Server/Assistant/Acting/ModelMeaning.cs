using FocoBot.Assistant.LanguageModels;
using FocoBot.Assistant.Understanding;

namespace FocoBot.Assistant.Acting;

/// <summary>A language model's reading as a <see cref="Meaning"/>. Verifying and stopping are never taken from a guess.</summary>
internal static class ModelMeaning
{
    public static Meaning Of(InterpretedItem item, bool needsConfirmation) => new(IntentOf(item.Intent))
    {
        Title = item.Title,
        Due = item.Due is { } due && Tasks.Due.TryParse(due, out var parsed) ? parsed : null,
        Recurrence = item.Recurrence,
        Priority = item.Priority,
        Refs = item.Refs,
        RefText = item.RefText,
        RefScope = item.RefScope switch { "all" => RefScope.All, "last" => RefScope.Last, _ => null },
        Filter = item.Filter,
        Setting = item.Setting is { } setting ? new Setting(setting.Key, setting.Value) : null,
        Guessed = true,
        MustConfirm = needsConfirmation,
    };

    private static Intent IntentOf(InterpretedIntent intent) => intent is InterpretedIntent.Verify or InterpretedIntent.Stop
        ? Intent.Unknown
        : Enum.Parse<Intent>(intent.ToString());
}
