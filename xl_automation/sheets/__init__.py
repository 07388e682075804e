"""The sheets of the locked workbook, one module each; :mod:`template` puts them together."""
