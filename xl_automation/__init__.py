"""Excel workbooks for administrative-reform reports: template, checks, consolidation."""
