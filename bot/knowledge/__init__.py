"""What the bot knows: entries, documents and wordings, read from files people write and checked."""
