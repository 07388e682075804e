"""What a city has of one period: files, totals, decisions, states, checks across files. Pure."""
