-- Chats that FocoBot began with people who had never written: so many a day, or WhatsApp restricts the account.
CREATE TABLE whatsapp_new_chats (
  device_id uuid NOT NULL REFERENCES whatsapp_devices ON DELETE CASCADE,
  chat_id text NOT NULL,
  opened_at timestamptz NOT NULL,               -- when a first message was last accepted: it counts for a day
  known_at timestamptz,                         -- something came from there, or WhatsApp has taken a message: no stranger any more
  PRIMARY KEY (device_id, chat_id)
);
CREATE INDEX whatsapp_new_chats_opened ON whatsapp_new_chats (device_id, opened_at);

-- What WhatsApp has answered when a device asked for a phone number, so that it is not asked each time.
CREATE TABLE whatsapp_device_numbers (
  device_id uuid NOT NULL REFERENCES whatsapp_devices ON DELETE CASCADE,
  chat_id text NOT NULL,                        -- the address that the number as dialled would have
  address text,                                 -- the one that it has; NULL: it is not on WhatsApp
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (device_id, chat_id)
);

-- WhatsApp has refused to begin chats: until then none are begun.
ALTER TABLE whatsapp_devices ADD COLUMN new_chats_held_until timestamptz;

-- Whether the protocol library may have the message: from then on it can't be taken back.
ALTER TABLE whatsapp_device_outbox ADD COLUMN is_handed boolean NOT NULL DEFAULT false;
UPDATE whatsapp_device_outbox SET is_handed = true WHERE attempts > 0;

-- The next message of a device, in their order; and the few that wait for another try, which hold up their chats. Without these each look would compare all that wait with all that wait.
CREATE INDEX whatsapp_device_outbox_order ON whatsapp_device_outbox (device_id, id);
CREATE INDEX whatsapp_device_outbox_again ON whatsapp_device_outbox (device_id, next_try_at) WHERE next_try_at IS NOT NULL;
