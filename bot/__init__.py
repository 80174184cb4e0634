"""Majlis: a FAQ bot that answers from documents and stays silent rather than guess."""

__version__ = "0.1.0"
