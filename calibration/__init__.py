"""What the past says: a real export read, cleaned and fitted into a profile."""
