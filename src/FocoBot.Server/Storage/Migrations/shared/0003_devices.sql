-- FocoBot as a companion device of people's own WhatsApp accounts. A row with link_method 'twilio' stands for a phone of the business
-- channel: it is shown among the devices, never connected, and does not count toward the limit.
CREATE TABLE whatsapp_devices (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  device_name text NOT NULL DEFAULT 'FocoBot',
  device_type text NOT NULL CHECK (device_type IN ('mobile', 'desktop', 'web')),
  phone_number text CHECK (phone_number LIKE '+%' /*pg: AND phone_number ~ '^\+[1-9]\d{1,14}$' */),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'linking', 'active', 'disconnected', 'expired', 'revoked')),
  auth_creds bytea,                             -- sealed under auth_keys: what makes us the device that it is
  auth_keys bytea,                              -- the device's data key, wrapped by the key of the environment
  link_method text CHECK (link_method IN ('qr_code', 'pairing_code', 'twilio', 'import')),
  linking_started_at timestamptz,
  linked_at timestamptz,
  last_connected_at timestamptz,
  disconnected_at timestamptz,
  session_id text UNIQUE,
  client_id text UNIQUE,                        -- the device's own address at WhatsApp
  platform text,
  push_name text,
  expires_at timestamptz,                       -- the phone was last seen 14 days before
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  lid text,
  network text NOT NULL DEFAULT 'live',
  error_code text,
  error_message text,
  priority bigint NOT NULL DEFAULT 1,           -- 1 is the highest
  use_for text NOT NULL DEFAULT 'all',          -- space-separated: proposals, notifications, all
  consent text NOT NULL DEFAULT 'own' CHECK (consent IN ('own', 'all')), -- which chats are kept: the own one and those written to, or all
  assistant boolean NOT NULL DEFAULT false,     -- whether the chat with oneself is a channel of the assistant
  owner_node text,
  owner_epoch bigint NOT NULL DEFAULT 0         -- raised with each new owner: what an earlier one still wants to store is refused
) /*pg: WITH (fillfactor = 70) */;
CREATE INDEX whatsapp_devices_user ON whatsapp_devices (user_id);
CREATE INDEX whatsapp_devices_status ON whatsapp_devices (status);
CREATE INDEX whatsapp_devices_phone ON whatsapp_devices (phone_number);
CREATE INDEX whatsapp_devices_active ON whatsapp_devices (user_id, status) WHERE status = 'active';

-- What the protocol library keeps of a device: each value sealed under the device's key.
CREATE TABLE whatsapp_device_records (
  device_id uuid NOT NULL REFERENCES whatsapp_devices ON DELETE CASCADE,
  kind integer NOT NULL,
  name text NOT NULL,
  value bytea NOT NULL,
  PRIMARY KEY (device_id, kind, name)
)
/*pg: WITH (fillfactor = 70) -- */ WITHOUT ROWID
;

CREATE TABLE whatsapp_linking_attempts (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  device_id uuid REFERENCES whatsapp_devices ON DELETE SET NULL,
  attempt_number int NOT NULL DEFAULT 1,        -- how many QR codes or link codes were begun
  method text NOT NULL CHECK (method IN ('qr_code', 'pairing_code')),
  qr_code_data bytea,                           -- sealed; both codes go at every end
  qr_code_expires_at timestamptz,
  pairing_code bytea,
  pairing_code_expires_at timestamptz,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'scanned', 'pairing', 'success', 'failed', 'expired', 'cancelled')),
  error_code text,
  error_message text,
  ip_address inet,
  user_agent text,
  started_at timestamptz NOT NULL,
  completed_at timestamptz,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX whatsapp_linking_attempts_user ON whatsapp_linking_attempts (user_id);
CREATE INDEX whatsapp_linking_attempts_status ON whatsapp_linking_attempts (status);
CREATE INDEX whatsapp_linking_attempts_expiry ON whatsapp_linking_attempts (expires_at) WHERE status = 'pending';

CREATE TABLE whatsapp_messages (
  id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  device_id uuid NOT NULL REFERENCES whatsapp_devices ON DELETE CASCADE,
  message_id text NOT NULL,
  direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
  message_type text NOT NULL DEFAULT 'text' CHECK (message_type IN ('text', 'image', 'video', 'audio', 'document', 'location', 'contact', 'sticker', 'reaction', 'poll', 'other')),
  content bytea,                                -- sealed
  media_url text,
  media_mimetype text,
  media_size bigint,
  from_number text,
  to_number text,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'sent', 'delivered', 'read', 'failed')),
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  created_at timestamptz NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  chat_id text NOT NULL,
  sender_id text NOT NULL,
  refusal_code text,
  PRIMARY KEY (id, created_at)
) /*pg: PARTITION BY RANGE (created_at) */;
CREATE INDEX whatsapp_messages_device ON whatsapp_messages (device_id, id);
CREATE INDEX whatsapp_messages_message ON whatsapp_messages (message_id, device_id);
CREATE INDEX whatsapp_messages_user ON whatsapp_messages (user_id);
CREATE INDEX whatsapp_messages_created ON whatsapp_messages (created_at DESC);
CREATE INDEX whatsapp_messages_status ON whatsapp_messages (direction, status);

-- Ids are made by senders: a message is the same only in the same chat and from the same sender.
CREATE TABLE whatsapp_message_keys (
  device_id uuid NOT NULL REFERENCES whatsapp_devices ON DELETE CASCADE,
  message_key bytea NOT NULL,                   -- SHA-256 of chat, sender and id, its first 16 bytes
  row_id uuid NOT NULL,                         -- the message's row
  created_at timestamptz NOT NULL,
  PRIMARY KEY (device_id, message_key)
)
/*pg: -- */ WITHOUT ROWID
;

-- Chats that the owner has chosen to keep or not, and those that FocoBot has written to.
CREATE TABLE whatsapp_device_chats (
  device_id uuid NOT NULL REFERENCES whatsapp_devices ON DELETE CASCADE,
  chat_id text NOT NULL,
  is_kept boolean,                              -- the owner's choice; NULL: the device's consent decides
  written_at timestamptz,                       -- when FocoBot first wrote to it
  PRIMARY KEY (device_id, chat_id)
);

-- What is on its way out through a device. A row becomes a message of the library's, which then never loses it.
CREATE TABLE whatsapp_device_outbox (
  id uuid PRIMARY KEY,                          -- also the message's row
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  device_id uuid NOT NULL REFERENCES whatsapp_devices ON DELETE CASCADE,
  body bytea NOT NULL,                          -- sealed: what to send to whom
  due_at timestamptz NOT NULL,                  -- undo and scheduling: not before
  attempts bigint NOT NULL DEFAULT 0,
  next_try_at timestamptz,
  created_at timestamptz NOT NULL
);
CREATE INDEX whatsapp_device_outbox_due ON whatsapp_device_outbox (device_id, due_at);

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  key text NOT NULL,
  body_hash bytea NOT NULL,
  row_id uuid NOT NULL,                         -- what the first call made
  created_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- On a database of Foco it is there already.
CREATE TABLE IF NOT EXISTS whatsapp_sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  phone text,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  device_id uuid REFERENCES whatsapp_devices ON DELETE SET NULL,
  link_method text CHECK (link_method IN ('twilio', 'baileys'))
);
/*pg: ALTER TABLE whatsapp_sessions ADD COLUMN IF NOT EXISTS device_id uuid REFERENCES whatsapp_devices ON DELETE SET NULL; */
/*pg: ALTER TABLE whatsapp_sessions ADD COLUMN IF NOT EXISTS link_method text CHECK (link_method IN ('twilio', 'baileys')); */

-- Every action that was done as somebody, append-only.
CREATE TABLE whatsapp_audit_log (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES accounts ON DELETE SET NULL,
  device_id uuid REFERENCES whatsapp_devices ON DELETE SET NULL,
  action text NOT NULL,
  ip_address inet,
  user_agent text,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL
);
CREATE INDEX whatsapp_audit_log_user ON whatsapp_audit_log (user_id, id);
CREATE INDEX whatsapp_audit_log_created ON whatsapp_audit_log (created_at);

-- How an account wants messages to go out.
ALTER TABLE accounts ADD COLUMN whatsapp_mode text NOT NULL DEFAULT 'twilio-only' CHECK (whatsapp_mode IN ('twilio-only', 'device-linking', 'hybrid'));
ALTER TABLE accounts ADD COLUMN whatsapp_twilio_for text NOT NULL DEFAULT 'notifications broadcasts';
ALTER TABLE accounts ADD COLUMN whatsapp_device_for text NOT NULL DEFAULT '';

-- The phones that are linked to the business channel, one row each. The link's id is the row's, so that a second run changes nothing.
INSERT INTO whatsapp_devices (id, user_id, device_name, device_type, phone_number, status, link_method, linked_at, created_at, updated_at)
SELECT id, user_id, 'Twilio Linked Phone', 'mobile', phone, CASE WHEN verified THEN 'active' ELSE 'pending' END, 'twilio', linked_at, created_at, updated_at
FROM whatsapp_user_links WHERE phone IS NOT NULL
ON CONFLICT (id) DO NOTHING;
