"""Reports on how a bot is used: figures, words, pages and pictures."""
