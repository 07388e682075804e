"""What a city has of one period: which files count, totals, checks across files. Pure."""
