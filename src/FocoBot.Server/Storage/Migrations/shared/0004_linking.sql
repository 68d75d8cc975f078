-- What a device was before an attempt to link it again in its own row. NULL while there is none, and for a device that is new.
ALTER TABLE whatsapp_devices ADD COLUMN status_before text CHECK (status_before IN ('expired', 'revoked'));

-- A person is known by phone number and by hidden identity: both are one chat. All kept chats have a row from here on.
ALTER TABLE whatsapp_device_chats ADD COLUMN alternate_id text;
CREATE INDEX whatsapp_device_chats_alternate ON whatsapp_device_chats (device_id, alternate_id);
CREATE INDEX whatsapp_messages_chat ON whatsapp_messages (device_id, chat_id, id);
INSERT INTO whatsapp_device_chats (device_id, chat_id) SELECT DISTINCT device_id, chat_id FROM whatsapp_messages WHERE true ON CONFLICT (device_id, chat_id) DO NOTHING;

-- Names of people: those in the address book of a device's account, and what writers of kept messages call themselves.
CREATE TABLE whatsapp_device_contacts (
  device_id uuid NOT NULL REFERENCES whatsapp_devices ON DELETE CASCADE,
  contact_id text NOT NULL,                     -- by phone number if that is known
  alternate_id text,                            -- by hidden identity
  book_name bytea,                              -- sealed
  push_name bytea,                              -- sealed
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (device_id, contact_id)
);

-- Who verifies a phone may wish to have a device linked to it as well; that begins once the phone is verified.
CREATE TABLE device_linking_wishes (
  link_id uuid PRIMARY KEY REFERENCES whatsapp_user_links ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
  method text NOT NULL CHECK (method IN ('qr_code', 'pairing_code')),
  device_name text NOT NULL,
  network text NOT NULL,
  consent text NOT NULL CHECK (consent IN ('own', 'all')),
  assistant boolean NOT NULL,
  status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'started', 'failed')),
  attempt_id uuid,
  device_id uuid,
  error_code text,
  error_message text,
  ip_address inet,
  user_agent text,
  created_at timestamptz NOT NULL,
  verified_at timestamptz                       -- since when it can begin
);
CREATE INDEX device_linking_wishes_due ON device_linking_wishes (verified_at) WHERE status = 'waiting';
