"""The one order in which files are locked: first the documents by their keys, then what hangs on them.

A visitor who sends or takes back, the scanner's verdict and a non-disclosure may meet at one file; in two orders they
would wait for each other, and the database would end one of them.
"""

from django.db.models import QuerySet

from kotisatama.documents.models import Document


def locked(documents: QuerySet[Document]) -> list[Document]:
    """These files as they are now, under a lock until the transaction ends."""
    return list(documents.select_for_update(of=("self",)).order_by("pk"))
