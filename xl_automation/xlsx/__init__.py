"""The file format and nothing of the form: guard, packages, single cells, styles, new workbooks."""
