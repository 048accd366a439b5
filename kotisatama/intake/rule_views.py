"""The rules of routing: a list in which the order counts, a trial on old submissions, and sending by them again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kotisatama.audit import actions as audit
from kotisatama.intake import access, actions, forms, routing, rule_forms, rule_reading
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.access import StaffRequest, requires
from kotisatama.staff.permissions import Permission

page = require_http_methods(["GET", "HEAD", "POST"])


@require_GET
@requires(Permission.MANAGE_FORMS)
def rules(request: StaffRequest) -> HttpResponse:
    """The list, and what the rules would do with the latest submissions: nothing is changed by looking."""
    own, reader = routing.own_rules(request.user), forms.reader()
    latest, waiting = routing.latest(request.user), routing.waiting(request.user)
    deciding = routing.deciding_rules(request.user)
    tried, again = routing.tried(latest, deciding), routing.tried(waiting, deciding)
    details = {"page": "rules", "found": len(latest)}
    audit.record("inbox.listed", by=request.user, controllers=request.user.controller_codes, details=details)
    context = {
        "rules": rule_reading.lines(own, reader),
        "seen": routing.fingerprint(own),
        "all_seen": routing.fingerprint_of_all(deciding),
        "tried": rule_reading.trial(tried, reader),
        "tried_number": len(latest),
        "moving": sum(row.number for row in tried if row.moves),
        "waiting_number": len(waiting),
        "again": rule_reading.trial([row for row in again if row.moves], reader),
        "again_number": sum(row.number for row in again if row.moves),
    }
    return render(request, "intake/rules.html", context)


@page
@requires(Permission.MANAGE_FORMS)
def add_rule(request: StaffRequest) -> HttpResponse:
    """A new rule, asked last."""
    form = rule_forms.RuleForm(request.POST or None, worker=request.user)
    if form.is_valid():
        try:
            actions.add_rule(fields=form.rule_fields(), by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The rule is saved."))
            return redirect("intake:rules")
    return render(request, "intake/rule.html", {"form": form})


@page
@requires(Permission.MANAGE_FORMS)
def change_rule(request: StaffRequest, rule: int) -> HttpResponse:
    """Other conditions or another place."""
    found = get_object_or_404(access.own_rules(request.user), pk=rule)
    form = rule_forms.RuleForm(request.POST or None, initial=rule_forms.initial_of(found), worker=request.user)
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            actions.change_rule(found, fields=form.rule_fields(), version=version, by=request.user)
        except NotAllowed as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, _("The rule is saved."))
            return redirect("intake:rules")
    return render(request, "intake/rule.html", {"form": form, "rule": found})


@require_POST
@requires(Permission.MANAGE_FORMS)
def move_rule(request: StaffRequest, rule: int) -> HttpResponse:
    """Put the rule at another place of the order."""
    found = get_object_or_404(access.own_rules(request.user), pk=rule)
    position = request.POST.get("position", "")
    if not (position.isascii() and position.isdecimal() and len(position) < 5):
        messages.error(request, _("Open the page again."))
        return redirect("intake:rules")
    try:
        actions.move_rule(found, position=int(position), seen=request.POST.get("seen", ""), by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
    return redirect("intake:rules")


@page
@requires(Permission.MANAGE_FORMS)
def remove_rule(request: StaffRequest, rule: int) -> HttpResponse:
    """Take a rule away after a question."""
    own = access.own_rules(request.user).select_related("form", "team", "service_point")
    if request.method == "POST":
        actions.remove_rule(rule, by=request.user)
        messages.success(request, _("The rule is taken away. What it has sent somewhere stays there."))
        return redirect("intake:rules")
    (shown,) = rule_reading.lines([get_object_or_404(own, pk=rule)], forms.reader())
    return render(request, "intake/rule_remove.html", {"rule": shown})


@require_POST
@requires(Permission.MANAGE_FORMS)
def send_again(request: StaffRequest) -> HttpResponse:
    """Send by the rules what is not done yet, as the page has shown it."""
    try:
        moved = actions.send_again(seen=request.POST.get("seen", ""), by=request.user)
    except NotAllowed as reason:
        messages.error(request, str(reason))
        return redirect("intake:rules")
    sentence = ngettext("%(count)d submission was moved.", "%(count)d submissions were moved.", moved)
    messages.success(request, sentence % {"count": moved})
    return redirect("intake:rules")
