"""Addresses under /desk/funding/."""

from django.urls import path

from kotisatama.funding import (
    claim_views,
    cost_views,
    file_views,
    project_views,
    share_paper_views,
    share_views,
    use_views,
    views,
)

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
urlpatterns += [
    path("projects/", project_views.listed, name="projects"),
    path("projects/new/", project_views.add, name="add_project"),
    path("projects/<int:project>/", project_views.detail, name="project"),
    path("projects/<int:project>/edit/", project_views.edit, name="edit_project"),
    path("projects/<int:project>/terms/", project_views.add_terms, name="add_terms"),
    path("projects/<int:project>/plan/", project_views.budget, name="budget"),
    path("projects/<int:project>/municipalities/", project_views.partners, name="partners"),
    path("projects/<int:project>/commitments/", project_views.commit, name="commit"),
    path("projects/<int:project>/commitments/<int:commitment>/remove/", project_views.uncommit, name="uncommit"),
    path("projects/<int:project>/dates/", project_views.add_date, name="add_date"),
    path("projects/<int:project>/costs/", cost_views.ledger, name="ledger"),
    path("projects/<int:project>/costs.csv", cost_views.export, name="export_ledger"),
    path("projects/<int:project>/costs/new/", cost_views.add, name="add_cost"),
    path("projects/<int:project>/costs/<int:cost>/", cost_views.change, name="change_cost"),
    path("projects/<int:project>/costs/<int:cost>/correct/", cost_views.correct, name="correct_cost"),
    path("projects/<int:project>/costs/<int:cost>/remove/", cost_views.remove, name="remove_cost"),
    path("projects/<int:project>/files/", file_views.files, name="files"),
    path("projects/<int:project>/files/<int:file>/", file_views.file, name="file"),
    path("projects/<int:project>/files/<int:file>/take/", file_views.take, name="take_file"),
    path("projects/<int:project>/files/<int:file>/forget/", file_views.forget, name="forget_file"),
    path("projects/<int:project>/claims/new/", claim_views.add, name="add_claim"),
    path("projects/<int:project>/claims/<int:number>/", claim_views.claim, name="claim"),
    path("projects/<int:project>/claims/<int:number>/send/", claim_views.send, name="send_claim"),
    path("projects/<int:project>/claims/<int:number>/pay/", claim_views.pay, name="pay_claim"),
    path("projects/<int:project>/claims/<int:number>/drop/", claim_views.drop, name="drop_claim"),
    path("projects/<int:project>/claims/<int:number>/claim.<str:form>", claim_views.document, name="claim_document"),
    path("projects/<int:project>/why/<str:code>/", claim_views.why_this, name="why"),
    path("projects/<int:project>/use/<int:year>/", use_views.used, name="use"),
    path("projects/<int:project>/use/<int:year>/agree/", use_views.agree, name="agree"),
]
