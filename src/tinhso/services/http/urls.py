"""The pages of this room: citizens' here, officials' below `can-bo/`."""

from django.urls import include, path

from . import apply, case_pages, lookups, papers, payment_pages, portal, simulator_pages, supplement, uploads

app_name = "services"
urlpatterns = [
    path("", portal.home, name="home"),
    path("thu-tuc/", portal.catalogue, name="catalogue"),
    path("thu-tuc/<str:code>/", portal.procedure, name="procedure"),
    path("thu-tuc/<str:code>/nop/", apply.start, name="start"),
    path("nop/<uuid:draft_id>/", apply.resume, name="resume"),
    path("nop/<uuid:draft_id>/giay-to/", papers.papers, name="papers"),
    path("nop/<uuid:draft_id>/noi-nop/", apply.unit, name="unit"),
    path("nop/<uuid:draft_id>/kiem-tra/", apply.check, name="check"),
    path("nop/<uuid:draft_id>/xoa/", apply.discard, name="discard"),
    path("nop/<uuid:draft_id>/<str:page_id>/", apply.page, name="page"),
    path("tep/", uploads.create, name="upload-create"),
    path("tep/kha-nang/", uploads.abilities, name="upload-abilities"),
    path("tep/<uuid:upload_id>/", uploads.upload, name="upload"),
    path("tep/<uuid:file_id>/xem/", case_pages.file, name="file"),
    path("ho-so/", case_pages.mine, name="mine"),
    path("ho-so/<uuid:case_id>/", case_pages.case, name="case"),
    path("ho-so/<uuid:case_id>/da-nop/", case_pages.handed_in, name="handed-in"),
    path("ho-so/<uuid:case_id>/giay-tiep-nhan.pdf", case_pages.receipt, name="receipt"),
    path("ho-so/<uuid:case_id>/ket-qua/<uuid:result_id>.pdf", case_pages.result, name="result"),
    path("ho-so/<uuid:case_id>/bo-sung/", supplement.supplement, name="supplement"),
    path("ho-so/<uuid:case_id>/rut/", case_pages.withdraw, name="withdraw"),
    path("ho-so/<uuid:case_id>/danh-gia/", case_pages.rate, name="rate"),
    path("ho-so/<uuid:case_id>/ai-da-xem/", case_pages.looks, name="looks"),
    path("ho-so/<uuid:case_id>/nop-phi/", payment_pages.pay, name="pay"),
    path("ho-so/<uuid:case_id>/da-tra/", payment_pages.paid, name="paid"),
    path("thanh-toan/thong-bao/", payment_pages.notice, name="payment-notice"),
    path("cong-thanh-toan-thu/pay", simulator_pages.arrive, name="gateway-arrive"),
    path("cong-thanh-toan-thu/trang/<str:token>/", simulator_pages.page, name="gateway-page"),
    path("cong-thanh-toan-thu/<str:path>", simulator_pages.question, name="gateway-question"),
    path("tra-cuu/", lookups.look_up, name="look-up"),
    path("kiem-tra/<str:code>/", lookups.verify, name="verify"),
    path("can-bo/", include("tinhso.services.http.office_urls")),
]
