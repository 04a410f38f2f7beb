"""What somebody sees who typed a wrong password too often."""

import math
from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def respond(request: HttpRequest, original: Any = None, credentials: Any = None) -> HttpResponse:
    """429 with the minutes to wait (django-axes calls it)."""
    pause: timedelta | None = get_cool_off(request)
    minutes = math.ceil(pause.total_seconds() / 60) if pause else 15
    return render(request, "accounts/locked.html", {"minutes": minutes}, status=429)
