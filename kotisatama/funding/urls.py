"""Addresses under /desk/funding/."""

from django.urls import path

from kotisatama.funding import share_paper_views, share_views, views

app_name = "funding"
urlpatterns = [
    path("", views.start, name="start"),
]
urlpatterns += [
    path("shares/", share_views.partnerships, name="share_list"),
    path("shares/new/", share_views.new, name="new_shares"),
    path("shares/statistics/", share_paper_views.statistics, name="share_statistics"),
    path("shares/statistics/new/", share_paper_views.new_statistic, name="new_share_statistic"),
    path("shares/statistics/fetch/", share_paper_views.fetch_statistic, name="fetch_share_statistic"),
    path("shares/statistics/<int:statistic>/", share_paper_views.statistic, name="share_statistic"),
    path("shares/<int:partnership>/", share_views.partnership, name="shares"),
    path("shares/<int:partnership>/change/", share_views.change, name="change_shares"),
    path("shares/<int:partnership>/decisions/<str:municipality>/", share_views.decision, name="share_decision"),
    path("shares/<int:partnership>/freeze/", share_views.freeze, name="freeze_shares"),
    path("shares/<int:partnership>/join/", share_views.join, name="join_shares"),
    path("shares/<int:partnership>/simulation/", share_views.simulation, name="share_simulation"),
    path("shares/<int:partnership>/agreements/<int:number>/", share_views.agreement, name="share_agreement"),
    path(
        "shares/<int:partnership>/agreements/<int:number>/annex-<str:municipality>.<str:form>",
        share_views.annex,
        name="share_annex",
    ),
    path("shares/<int:partnership>/invoices/", share_paper_views.invoices, name="share_invoices"),
    path("shares/<int:partnership>/invoices.csv", share_paper_views.invoices_csv, name="share_invoices_csv"),
    path("shares/<int:partnership>/invoices/<int:invoice>.pdf", share_paper_views.invoice_pdf, name="share_invoice"),
]
