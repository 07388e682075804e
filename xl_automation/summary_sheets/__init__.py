"""The sheets of the summary workbook, one module each; :mod:`summary` puts them together."""
