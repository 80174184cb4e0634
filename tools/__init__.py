"""The scripts that make the packaged word list and encoder."""
