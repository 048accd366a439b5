"""The door for files: counts bytes while they arrive and keeps no more than the limit."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class SizeLimit(FileUploadHandler):
    """First of the upload handlers: a file over the limit is dropped, its field's name noted on the request.

    The other fields of the same page are still read, so that nothing typed is lost.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_MAX_BYTES:
            dropped(self.request).append(self.field_name or "")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None


def dropped(request: Any) -> list[str]:
    """Names of the fields whose files were dropped so far."""
    if not hasattr(request, "_too_large_fields"):
        request._too_large_fields = []
    fields: list[str] = request._too_large_fields
    return fields
