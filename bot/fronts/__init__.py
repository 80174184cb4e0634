"""Where people meet the bot: the terminal and Telegram."""
