"""How an utterance finds its entry."""
