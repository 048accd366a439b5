"""The receipt as a file, for the browser that sent the form."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kotisatama.forms import actions as forms
from kotisatama.forms import queries
from kotisatama.portal import holder

BESIDE = "fi"  # the language of the counter


@login_not_required
@require_safe
def pdf(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """What was sent, in the language in which it was filled in and in Finnish; only for the browser that sent it."""
    submission = queries.submission_of_holder(holder.enter(request), reference)
    if submission is None or submission.version.form.code != code:
        raise Http404(reference)
    return forms.receipt_file(submission, beside=BESIDE)
