-- Rows that fit no monthly partition must never be refused.
CREATE TABLE events_default PARTITION OF events DEFAULT;
CREATE TABLE whatsapp_security_audit_log_default PARTITION OF whatsapp_security_audit_log DEFAULT;
