"""Declarations: messages and files in, a checked and pseudonymised store out."""
