"""Text to ranked matches with calibrated confidence."""
