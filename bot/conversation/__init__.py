"""The conversation: context, thresholds, fallback, with no messenger in sight."""
