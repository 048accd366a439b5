"""Coming from an old register: a table becomes persons (docs/decisions/0017, docs/how-to/import-clients.md).

`tables` reads a file in a child process, `mapping` says which column is which field, `fields` and `rows` make of a row
what the desk would have saved, `matching` finds who is known already, `making` writes, `running` does it in batches.
"""
