-- The email address that the invitation was mailed to: its link opens the account only while that is the
-- address of the user. An older binary writes neither column; then the address at that time is not known.
ALTER TABLE invitations ADD COLUMN sent_to text;
ALTER TABLE invitations ADD COLUMN sent_to_key text;
