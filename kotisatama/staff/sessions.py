"""What a worker's session remembers: when it began, when a page was last opened, whether the provider is trusted."""

from django.http import HttpRequest

BEGAN, SEEN, PROVIDER_FACTOR = "staff_began", "staff_seen", "staff_provider_factor"
# The session is written at most so often for the sake of `SEEN` alone.
SEEN_STEP_SECONDS = 60


def begin(request: HttpRequest, *, now: float) -> None:
    """Start both clocks; `now` in seconds since 1970."""
    request.session[BEGAN] = request.session[SEEN] = int(now)


def over(request: HttpRequest, *, now: float, whole: int, idle: int) -> str:
    """Return `idle` or `whole` when that limit (seconds) has passed; else an empty text, and the page is activity."""
    session = request.session
    if BEGAN not in session:
        begin(request, now=now)
    if now - session[BEGAN] >= whole:
        return "whole"
    if now - session[SEEN] >= idle:
        return "idle"
    if now - session[SEEN] >= SEEN_STEP_SECONDS:
        session[SEEN] = int(now)
    return ""


def trust_provider(request: HttpRequest) -> None:
    """The provider has asked for a second factor in this sign-in."""
    request.session[PROVIDER_FACTOR] = True


def distrust_provider(request: HttpRequest) -> None:
    """The provider has not, or not in a way that the site trusts."""
    request.session.pop(PROVIDER_FACTOR, None)


def provider_is_trusted(request: HttpRequest) -> bool:
    """Whether this session began with a provider's trusted second factor."""
    return bool(request.session.get(PROVIDER_FACTOR))


def origin(request: HttpRequest) -> str:
    """The site's own address as this visitor has it, e.g. `https://desk.example`; ALLOWED_HOSTS has checked it."""
    return f"{request.scheme}://{request.get_host()}"
