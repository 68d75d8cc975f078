-- What is known of a device beyond its connection, and what its owner was told.
ALTER TABLE whatsapp_devices ADD COLUMN noticed text;                          -- the trouble that lasts and that the owner knows of; 'unlinked' while the owner takes the device off
ALTER TABLE whatsapp_devices ADD COLUMN phone_warned bigint NOT NULL DEFAULT 0; -- the owner was told that the phone has been away for so many days; 0 once it is seen again
ALTER TABLE whatsapp_devices ADD COLUMN canary_at timestamptz;
ALTER TABLE whatsapp_devices ADD COLUMN canary_outcome text CHECK (canary_outcome IN ('answered', 'acknowledged', 'failed'));

-- Notices about devices that leave by the business channel or by mail.
CREATE TABLE device_notices (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  device_id uuid REFERENCES whatsapp_devices ON DELETE SET NULL,
  kind text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('twilio', 'email')),
  body bytea,                                   -- sealed: subject and text; NULL once mailed
  attempts bigint NOT NULL DEFAULT 0,           -- to mail it
  next_try_at timestamptz,
  created_at timestamptz NOT NULL,
  done_at timestamptz                           -- when it was mailed, or given up
);
CREATE INDEX device_notices_open ON device_notices (id) WHERE done_at IS NULL;
CREATE INDEX device_notices_created ON device_notices (created_at);

-- The notice or notification that a message carries: what the business channel could not deliver goes another way.
ALTER TABLE outbox ADD COLUMN notice_id uuid;
CREATE INDEX outbox_notice ON outbox (notice_id) WHERE notice_id IS NOT NULL;
