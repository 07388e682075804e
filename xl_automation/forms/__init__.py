"""The form files, and a form as data: its rows, rules, percentages, periods and units."""
