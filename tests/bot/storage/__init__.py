"""How what the bot remembers is kept."""
