"""What every page of the desk shows around its content."""

from django.http import HttpRequest


def desk(request: HttpRequest) -> dict[str, object]:
    """Nothing for visitors; navigation for workers."""
    return {}
