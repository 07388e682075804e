"""The Excel add-in: built from ``macros/`` and the custom functions, installed, diagnosed."""
