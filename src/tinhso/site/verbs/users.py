"""`tinhso user` and `tinhso django`: accounts of officials, and Django's own verbs."""

from __future__ import annotations

import argparse
import getpass

from rich.console import Console

from .start import setup_with_clock


def user(options: argparse.Namespace) -> int:
    """List, make or change accounts of officials."""
    setup_with_clock()
    from tinhso.site.seed import official, print_accounts, print_officials

    console = Console()
    if options.deed == "demo":
        print_accounts(console)
        return 0
    if options.deed == "list":
        print_officials(console)
        return 0
    if not options.login:
        console.print("Cần tên đăng nhập: tinhso user create TÊN --name … --unit … --role …")
        return 2
    password = getpass.getpass("Mật khẩu mới: ")
    return official(console, options, password)


def django(options: argparse.Namespace) -> int:
    """Run one of Django's management commands."""
    setup_with_clock()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tinhso django", *options.arguments])
    return 0
