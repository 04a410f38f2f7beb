"""How a middleware answers with an error: the faces say how it looks (``settings.ERROR_RESPONDER``)."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from jifen.kernel.errors import JifenError


def refuse(request: HttpRequest, error: JifenError) -> HttpResponseBase:
    """``error`` as a page, a fragment or problem details, whichever the request asks for."""
    responder: Callable[[HttpRequest, JifenError], HttpResponseBase] = import_string(settings.ERROR_RESPONDER)
    return responder(request, error)
