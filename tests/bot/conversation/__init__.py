"""What the bot says, and when."""
