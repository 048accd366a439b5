"""The builder of forms: pure edits on the rows of an XLSForm, and what its page shows.

Every edit takes rows (as `xlsform.Source.to_json` writes them) and returns new ones; sheets, columns, rows and cells
that it does not understand stay as they are. Questions are addressed by the number of their row on the survey sheet.
"""
