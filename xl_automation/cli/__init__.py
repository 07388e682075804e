"""The command line ``cchc``."""
