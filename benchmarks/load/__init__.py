"""Load a bot over HTTP, beside bare echo bots: python -m benchmarks load."""
