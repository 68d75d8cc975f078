-- Which way a notification has taken, and where it is.
ALTER TABLE focobot_scheduled_notifications ADD COLUMN device_id uuid REFERENCES whatsapp_devices ON DELETE SET NULL;
ALTER TABLE focobot_scheduled_notifications ADD COLUMN handed_id uuid;       -- the device's message that carries it
ALTER TABLE focobot_scheduled_notifications ADD COLUMN handed_at timestamptz; -- since when the channel has it
ALTER TABLE focobot_scheduled_notifications ADD COLUMN tried text NOT NULL DEFAULT ''; -- space-separated: channels that have failed, devices by their ids
CREATE INDEX focobot_scheduled_notifications_open ON focobot_scheduled_notifications (due_at, id) WHERE status IN ('pending', 'sending');
