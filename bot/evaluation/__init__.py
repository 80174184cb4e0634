"""Measure how well a knowledge base answers utterances whose entries are known."""
