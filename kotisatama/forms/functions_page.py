"""The list of functions inside docs/how-to/forms-expressions.md, made from the signatures."""

from kotisatama.forms.expressions import signatures

PLACE = "docs/how-to/forms-expressions.md"
BEGIN, END = "<!-- functions: made by `kotisatama form-functions-doc` -->", "<!-- end of functions -->"


def text(page: str) -> str:
    """The page with the list brought up to date; everything outside the two marks stays."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([f"{before}{BEGIN}", "", *signatures.table(), "", f"{END}{after}"])
