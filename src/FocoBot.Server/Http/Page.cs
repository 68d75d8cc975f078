namespace FocoBot.Http;

/// <summary>A list answer: one page and the cursor of the next; null at the end.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);
