"""The pages of this room."""

from django.urls import path

from . import account, sign_in, units

app_name = "organisation"
urlpatterns = [
    path("dang-nhap/", sign_in.citizen, name="sign-in"),
    path("dang-nhap/ma/", sign_in.code, name="code"),
    path("dang-nhap/can-bo/", sign_in.official, name="official-sign-in"),
    path("dang-nhap/can-bo/ma-xac-thuc/", sign_in.totp, name="totp"),
    path("dang-nhap/can-bo/lap-ma-xac-thuc/", sign_in.enrol, name="enrol"),
    path("dang-nhap/thu/", sign_in.demo, name="demo"),
    path("dang-xuat/", account.sign_out, name="sign-out"),
    path("dang-xuat/moi-noi/", account.sign_out_everywhere, name="sign-out-everywhere"),
    path("tai-khoan/", account.profile, name="profile"),
    path("don-vi/", units.units, name="units"),
    path("don-vi/<uuid:unit_id>/", units.unit, name="unit"),
]
