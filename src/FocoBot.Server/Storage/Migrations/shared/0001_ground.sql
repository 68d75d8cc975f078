-- People who sign in, and how.
CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL UNIQUE,              -- trimmed, lower-case: what sign-in compares
  password_hash text,
  role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
  tier text NOT NULL DEFAULT 'standard' CHECK (tier IN ('standard', 'premium')),
  language text NOT NULL DEFAULT 'es' CHECK (language IN ('es', 'en')),
  time_zone text NOT NULL DEFAULT 'America/Mexico_City',
  digest_enabled boolean NOT NULL DEFAULT true,
  digest_time time NOT NULL DEFAULT '08:00',
  summary_enabled boolean NOT NULL DEFAULT true,
  summary_time time NOT NULL DEFAULT '20:00',
  llm_consent_at timestamptz,
  current_project_id uuid,
  totp_secret bytea,                            -- sealed
  totp_enabled_at timestamptz,
  totp_last_step bigint,                        -- a code is good once
  failed_logins bigint NOT NULL DEFAULT 0,
  login_locked_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE web_sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,
  ip_address inet,
  user_agent text,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX web_sessions_user ON web_sessions (user_id);

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  name text NOT NULL,
  prefix text NOT NULL,                         -- the visible start of the key
  key_hash bytea NOT NULL UNIQUE,
  scopes text NOT NULL,                         -- space-separated
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_keys_user ON api_keys (user_id);

-- Stand-ins for a lost authenticator app; a used one is deleted.
CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);

-- One-time tokens: password reset, invitation, first administrator, a new e-mail address.
CREATE TABLE account_tokens (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES accounts ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('password_reset', 'invite', 'first_admin', 'email_change')),
  token_hash bytea NOT NULL UNIQUE,
  payload text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Data keys, each wrapped by the master key. user_id NULL: the service's own.
CREATE TABLE data_keys (
  id uuid PRIMARY KEY,
  user_id uuid UNIQUE REFERENCES accounts ON DELETE CASCADE,
  purpose text NOT NULL,
  wrapped_key bytea NOT NULL,
  created_at timestamptz NOT NULL
);

-- Whoever has written on the business channel, by channel address; a sender may have no phone number.
CREATE TABLE contacts (
  address text PRIMARY KEY,
  phone text,
  external_user_id text,
  language text,
  last_inbound_at timestamptz,                  -- opens the 24-hour window
  suppressed_at timestamptz,                    -- STOP / BAJA, or blocked
  suppressed_reason text,
  bad_at timestamptz,                           -- the provider says that nobody is there
  last_refusal_at timestamptz,                  -- refusals are answered at most once a minute
  created_at timestamptz NOT NULL
);
CREATE INDEX contacts_external ON contacts (external_user_id);

CREATE TABLE whatsapp_user_links (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  phone text,
  address text UNIQUE,                          -- as received; NULL until verified
  verified boolean NOT NULL DEFAULT false,
  suspended_reason text,                        -- recycled number: a new VERIFY lifts it
  code_hash bytea,
  code_purpose text CHECK (code_purpose IN ('inbound', 'outbound', 'move')),
  code_session bytea,                           -- outbound codes are good in the session that asked for them
  code_expires_at timestamptz,
  code_attempts bigint NOT NULL DEFAULT 0,
  linked_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (user_id, phone)
);
CREATE INDEX whatsapp_user_links_phone ON whatsapp_user_links (phone);

-- What was asked for and tried: cool-downs and daily caps are counted here.
CREATE TABLE link_requests (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  phone text NOT NULL,
  ip_address inet,
  created_at timestamptz NOT NULL
);
CREATE INDEX link_requests_phone ON link_requests (phone, created_at);
CREATE INDEX link_requests_user ON link_requests (user_id, created_at);
CREATE INDEX link_requests_ip ON link_requests (ip_address, created_at);

CREATE TABLE whatsapp_bot_sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  phone text,
  address text NOT NULL,
  fingerprint bytea NOT NULL,
  session_token_hash bytea NOT NULL UNIQUE,
  expires_at timestamptz NOT NULL,              -- idle end; renewed by each message
  max_expires_at timestamptz NOT NULL,          -- the end whatever happens
  last_activity_at timestamptz NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  revoked_at timestamptz,
  revoked_reason text,
  created_at timestamptz NOT NULL
);
CREATE INDEX whatsapp_bot_sessions_user ON whatsapp_bot_sessions (user_id);
CREATE UNIQUE INDEX whatsapp_bot_sessions_active ON whatsapp_bot_sessions (address) WHERE is_active;

CREATE TABLE whatsapp_device_fingerprints (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  phone text,
  address text NOT NULL,
  fingerprint_hash bytea NOT NULL,
  is_trusted boolean NOT NULL DEFAULT false,
  is_blocked boolean NOT NULL DEFAULT false,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  verified_at timestamptz,
  blocked_at timestamptz,
  blocked_reason text,
  UNIQUE (user_id, fingerprint_hash)
);

CREATE TABLE whatsapp_processed_messages (
  id uuid PRIMARY KEY,
  message_sid text NOT NULL UNIQUE,
  phone text,
  user_id uuid REFERENCES accounts ON DELETE CASCADE,
  processed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX whatsapp_processed_messages_expiry ON whatsapp_processed_messages (expires_at);

-- Level and block of a phone are derived from these rows; deleting them lifts the penalty.
CREATE TABLE whatsapp_rate_limit_violations (
  id uuid PRIMARY KEY,
  phone text NOT NULL,                          -- the channel address for a sender without a phone
  user_id uuid REFERENCES accounts ON DELETE CASCADE,
  violation_type text NOT NULL CHECK (violation_type IN ('per_minute', 'per_hour', 'per_day')),
  violation_count bigint NOT NULL DEFAULT 1,
  first_violation_at timestamptz NOT NULL,
  last_violation_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX whatsapp_rate_limit_violations_phone ON whatsapp_rate_limit_violations (phone, last_violation_at);

CREATE TABLE whatsapp_security_audit_log (
  id uuid NOT NULL,
  user_id uuid,
  phone text,
  action_type text NOT NULL,
  action_details jsonb NOT NULL DEFAULT '{}',
  ip_address inet,
  user_agent text,
  success boolean NOT NULL,
  error_code text,
  error_message text,
  message_sid text,
  processing_time_ms bigint,
  created_at timestamptz NOT NULL,
  chain_seq bigint,                             -- set later by the sealer of the hash chain
  chain_hash bytea,
  PRIMARY KEY (id, created_at)
) /*pg: PARTITION BY RANGE (created_at) */;
CREATE INDEX whatsapp_security_audit_log_created ON whatsapp_security_audit_log (created_at);
CREATE INDEX whatsapp_security_audit_log_user ON whatsapp_security_audit_log (user_id, created_at);

CREATE TABLE whatsapp_account_lockouts (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES accounts ON DELETE CASCADE,
  phone text,
  locked_at timestamptz NOT NULL,
  locked_until timestamptz,                     -- NULL: until an administrator lifts it
  locked_reason text NOT NULL,
  triggered_by text NOT NULL CHECK (triggered_by IN ('manual', 'auto_suspicious', 'auto_rate_limit', 'emergency_procedure')),
  unlocked_at timestamptz,
  unlocked_by text,
  unlock_reason text
);
CREATE UNIQUE INDEX whatsapp_account_lockouts_phone ON whatsapp_account_lockouts (phone) WHERE unlocked_at IS NULL AND phone IS NOT NULL;
CREATE INDEX whatsapp_account_lockouts_user ON whatsapp_account_lockouts (user_id);

CREATE TABLE focobot_command_history (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES accounts ON DELETE CASCADE,
  phone text,
  channel text NOT NULL,
  intent text NOT NULL,
  text bytea,                                   -- sealed
  success boolean NOT NULL,
  error_code text,
  duration_ms bigint NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX focobot_command_history_created ON focobot_command_history (created_at);
CREATE INDEX focobot_command_history_user ON focobot_command_history (user_id, created_at);

CREATE TABLE focobot_scheduled_notifications (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  kind text NOT NULL,
  channel text,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sending', 'sent', 'failed', 'cancelled')),
  due_at timestamptz NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  next_try_at timestamptz,
  reason text,
  payload bytea,                                -- sealed
  created_at timestamptz NOT NULL,
  sent_at timestamptz
);
CREATE INDEX focobot_scheduled_notifications_due ON focobot_scheduled_notifications (due_at) WHERE status = 'pending';

CREATE TABLE projects (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  name text NOT NULL,
  name_key text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE UNIQUE INDEX projects_name ON projects (user_id, name_key) WHERE deleted_at IS NULL;

CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  project_id uuid REFERENCES projects,
  title text NOT NULL,
  notes text,
  due_date date,
  due_time time,
  due_zone text,
  due_at timestamptz,                           -- the instant of due_date and due_time in due_zone; its start of day without a time
  recurrence text,                              -- RFC 5545 RRULE without the prefix
  priority text CHECK (priority IN ('high', 'medium', 'low')),
  source_message text,                          -- the provider's id of the message it came from
  done_at timestamptz,
  deleted_at timestamptz,                       -- kept 30 days
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX tasks_open ON tasks (user_id, due_date) WHERE done_at IS NULL AND deleted_at IS NULL;
CREATE INDEX tasks_user ON tasks (user_id, id);

-- What each change replaced, so that it can be undone; one row a change, however many tasks it touched.
CREATE TABLE task_changes (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  kind text NOT NULL,
  before bytea NOT NULL,                        -- sealed: the tasks as they were
  undone_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX task_changes_user ON task_changes (user_id, id);

-- What a conversation remembers: the list that was last shown, and the question that waits for an answer.
CREATE TABLE dialogs (
  address text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  state bytea NOT NULL,                         -- sealed
  updated_at timestamptz NOT NULL
);
CREATE INDEX dialogs_user ON dialogs (user_id);

CREATE TABLE llm_usage (
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  day date NOT NULL,
  calls bigint NOT NULL,
  PRIMARY KEY (user_id, day)
);

-- Messages that came in, durable before they are acknowledged; worked off in order a sender.
CREATE TABLE inbox (
  id uuid PRIMARY KEY,
  channel text NOT NULL,
  provider_id text NOT NULL,
  address text NOT NULL,
  user_id uuid REFERENCES accounts ON DELETE CASCADE,   -- known for web chat only
  body bytea,                                   -- sealed; NULL after retention
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
  attempts bigint NOT NULL DEFAULT 0,
  next_try_at timestamptz,
  error_code text,
  received_at timestamptz NOT NULL,
  done_at timestamptz,
  UNIQUE (channel, provider_id)
);
CREATE INDEX inbox_pending ON inbox (address, id) WHERE state = 'pending';
CREATE INDEX inbox_rate ON inbox (address, received_at);
CREATE INDEX inbox_done ON inbox (done_at);

-- Messages on their way out.
CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES accounts ON DELETE CASCADE,
  inbox_id uuid,
  channel text NOT NULL,
  address text NOT NULL,
  purpose text NOT NULL,
  body bytea,                                   -- sealed; NULL after retention
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'accepted', 'sent', 'delivered', 'read', 'failed', 'suppressed')),
  attempts bigint NOT NULL DEFAULT 0,
  next_try_at timestamptz,
  attempted_at timestamptz,
  provider_id text,
  error_code text,
  created_at timestamptz NOT NULL,
  done_at timestamptz
);
CREATE INDEX outbox_due ON outbox (id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_provider ON outbox (provider_id);
CREATE INDEX outbox_inbox ON outbox (inbox_id);
CREATE INDEX outbox_done ON outbox (done_at);

-- An account's ordered log. seq comes from event_counters, locked in the same transaction: a cursor never skips a late commit.
CREATE TABLE event_counters (
  user_id uuid PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
  last_seq bigint NOT NULL
);

CREATE TABLE events (
  user_id uuid NOT NULL,
  seq bigint NOT NULL,
  type text NOT NULL,
  device_id uuid,
  payload bytea NOT NULL,                       -- sealed
  created_at timestamptz NOT NULL,
  chain_seq bigint,                             -- set later by the sealer of the hash chain
  chain_hash bytea,
  PRIMARY KEY (user_id, seq, created_at)
) /*pg: PARTITION BY RANGE (created_at) */;
CREATE INDEX events_created ON events (created_at);
