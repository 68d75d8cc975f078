using System.Net;
using System.Text.Json;
using FocoBot.Storage;

namespace FocoBot.Security;

/// <summary>One row of the security audit log. Details hold facts, never message text, codes or secrets.</summary>
public sealed record AuditEntry(string Action, bool Success)
{
    public Guid? UserId { get; init; }
    public string? Phone { get; init; }
    public object? Details { get; init; }
    public IPAddress? IpAddress { get; init; }
    public string? UserAgent { get; init; }
    public string? ErrorCode { get; init; }
    public string? MessageSid { get; init; }
    public long? ProcessingTimeMs { get; init; }
}

/// <summary>Writes the append-only security audit log, in the transaction of what it records.</summary>
public static class AuditLog
{
    private const int MaxUserAgent = 300;

    /// <summary>Appends <paramref name="entry"/> to the unit.</summary>
    public static Task WriteAsync(Work work, TimeProvider clock, AuditEntry entry) => work.PostAsync(
        """
        INSERT INTO whatsapp_security_audit_log
          (id, user_id, phone, action_type, action_details, ip_address, user_agent, success, error_code, message_sid, processing_time_ms, created_at)
        VALUES (@Id, @UserId, @Phone, @Action, @details, @IpAddress, @agent, @Success, @ErrorCode, @MessageSid, @ProcessingTimeMs, @now)
        """,
        new
        {
            Id = Ids.New(clock),
            entry.UserId,
            entry.Phone,
            entry.Action,
            entry.IpAddress,
            entry.Success,
            entry.ErrorCode,
            entry.MessageSid,
            entry.ProcessingTimeMs,
            details = new Json(entry.Details is null ? "{}" : JsonSerializer.Serialize(entry.Details, JsonSerializerOptions.Web)),
            agent = entry.UserAgent is { Length: > MaxUserAgent } agent ? agent[..MaxUserAgent] : entry.UserAgent,
            now = clock.GetUtcNow(),
        });
}

/// <summary>The audit log's action types.</summary>
public static class AuditActions
{
    public const string MessageReceived = "message_received";
    public const string MessageProcessed = "message_processed";
    public const string MessageRejected = "message_rejected";
    public const string CommandExecuted = "command_executed";
    public const string CommandFailed = "command_failed";
    public const string CommandUnauthorized = "command_unauthorized";
    public const string SessionCreated = "session_created";
    public const string SessionValidated = "session_validated";
    public const string SessionExpired = "session_expired";
    public const string SessionRevoked = "session_revoked";
    public const string VerificationCodeSent = "verification_code_sent";
    public const string VerificationAttempt = "verification_attempt";
    public const string VerificationSuccess = "verification_success";
    public const string VerificationFailed = "verification_failed";
    public const string VerificationExpired = "verification_expired";
    public const string DeviceRegistered = "device_registered";
    public const string DeviceVerified = "device_verified";
    public const string DeviceBlocked = "device_blocked";
    public const string DeviceUnblocked = "device_unblocked";
    public const string RateLimitViolation = "rate_limit_violation";
    public const string SuspiciousActivity = "suspicious_activity";
    public const string ReplayAttackDetected = "replay_attack_detected";
    public const string SignatureVerificationFailed = "signature_verification_failed";
    public const string UnauthorizedAccessAttempt = "unauthorized_access_attempt";
    public const string AccountLocked = "account_locked";
    public const string AccountUnlocked = "account_unlocked";
    public const string AccountLinked = "account_linked";
    public const string AccountUnlinked = "account_unlinked";
    public const string AccountCreated = "account_created";

    /// <summary>A password, e-mail or second factor was changed; the details say which.</summary>
    public const string CredentialChanged = "credential_changed";
}
