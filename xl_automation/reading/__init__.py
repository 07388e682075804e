"""Workbook to submission: locate, read cells, understand; many files at once; figures in frames."""
