"""Sessions, the utterance log, misses, feedback and exchanges, kept in memory or in SQL."""
