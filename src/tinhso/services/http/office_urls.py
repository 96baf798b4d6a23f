"""The officials' pages of this room, below `can-bo/`."""

from __future__ import annotations

from django.urls import path

from . import office_bulk, office_calendar, office_case, office_counter, office_decide, office_list

app_name = "office"
urlpatterns = [
    path("", office_list.worklist, name="worklist"),
    path("danh-sach.csv", office_list.export, name="export"),
    path("tim/", office_list.find, name="find"),
    path("bo-loc/", office_list.keep, name="keep-filter"),
    path("bo-loc/<uuid:filter_id>/bo/", office_list.drop, name="drop-filter"),
    path("nhieu/", office_bulk.preview, name="bulk"),
    path("nhieu/lam/", office_bulk.carry_out, name="bulk-do"),
    path("ho-so/<uuid:case_id>/", office_case.case, name="case"),
    path("ho-so/<uuid:case_id>/giay-tiep-nhan.pdf", office_case.receipt, name="receipt"),
    path("ho-so/<uuid:case_id>/giay/<slug:name>.pdf", office_case.slip, name="slip"),
    path("ho-so/<uuid:case_id>/thu-tien/", office_case.cash, name="cash"),
    path("ho-so/<uuid:case_id>/bo-sung/", office_case.complete, name="complete"),
    path("ket-qua/<uuid:result_id>.pdf", office_case.result, name="result"),
    path("tep/<uuid:file_id>/", office_case.file, name="file"),
    path("viec/<uuid:task_id>/quyet-dinh/", office_decide.decide, name="decide"),
    path("hoan-tac/", office_decide.undo, name="undo"),
    path("nhap-ho-so/", office_counter.choose, name="counter"),
    path("nhap-ho-so/<str:code>/", office_counter.enter, name="counter-enter"),
    path("lich-lam-viec/", office_calendar.calendar, name="calendar"),
]
