"""The operators' room: people whom the bot can't answer ask people who can."""
