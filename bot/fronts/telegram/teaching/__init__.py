"""The teaching room: /misses, and what admins do with each group of questions."""

from bot.fronts.telegram.teaching.room import TeachingRoom

__all__ = ["TeachingRoom"]
