"""The Telegram front: update to Utterance, Choice or Dismissal; Reply to Bot API call."""
