"""Facts about the middleware: its order, its options, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from troubleshoot.inspection.described import Application, Layer, applications, served
from troubleshoot.inspection.facts.interface import Fact

REMARKABLE = {
    "cors-wildcard-with-credentials": "CORSMiddleware allows every origin together with credentials",
    "cors-not-outermost": "a middleware that answers by itself stands outside CORSMiddleware",
    "cors-origin-never-sent": "an entry of allow_origins is no origin as browsers send it",
    "error-handler-outside-cors": "a handler for Exception or 500 answers outside CORSMiddleware",
    "allowed-host-never-sent": "an entry of allowed_hosts is no bare host name",
    "middleware-cannot-be-built": "building the middleware fails, because what was added is no middleware class",
    "session-without-middleware": "request.session is read, and no middleware provides it",
    "user-without-middleware": "request.user or request.auth is read, and no middleware provides it",
}
ORDINARY = {
    "no-cors-middleware": "there is no CORSMiddleware",
    "cors-outermost": "nothing stands outside CORSMiddleware",
    "no-trusted-host-middleware": "there is no TrustedHostMiddleware",
    "no-https-redirect-middleware": "there is no HTTPSRedirectMiddleware",
    "no-http-middleware": "there is no @app.middleware function and no BaseHTTPMiddleware",
    "no-middleware": "no middleware was added",
    "single-middleware": "only one middleware was added",
}

FRAMEWORKS = ("starlette.", "fastapi.")
CORS = "CORSMiddleware"
ANSWERING = ("TrustedHostMiddleware", "HTTPSRedirectMiddleware", "AuthenticationMiddleware")
"""Middleware of Starlette that answers some requests itself."""
ORIGIN = re.compile(r"[a-z][a-z0-9+.\-]*://(?:[a-z0-9._\-]+|\[[0-9a-f:.]+\])(?::(?P<port>\d+))?")
DEFAULT_PORTS = {"http": "80", "https": "443"}
HOST = re.compile(r"\*|(?:\*\.)?[a-z0-9._\-]+|\[?[0-9a-f:.]+\]?", re.IGNORECASE)


def added(app: Application) -> tuple[Layer, ...]:
    """Return the layers that the user added, or put around the application."""
    return tuple(layer for layer in app.layers if layer.layer != "built-in")


def _is(layer: Layer, name: str) -> bool:
    return layer.short == name


def cors_options(app: Application) -> Iterator[Fact]:
    """Judge the options of each CORSMiddleware."""
    for layer in (layer for part in applications(app) for layer in added(part) if _is(layer, CORS)):
        origins = layer.options.get("allow_origins")
        listed = [item for item in origins if isinstance(item, str)] if isinstance(origins, list) else []
        if layer.options.get("allow_credentials") is True and "*" in listed:
            yield Fact(
                id="cors-wildcard-with-credentials",
                what='CORSMiddleware has allow_origins=["*"] and allow_credentials=True: every web site may use the '
                "cookies of your users, and older versions send a * that browsers refuse",
            )
        for origin in listed:
            if why := _why_never_sent(origin):
                yield Fact(
                    id="cors-origin-never-sent",
                    what=f"allow_origins has {origin!r}, which no browser ever sends as Origin: {why}",
                    origin=origin,
                )


def _why_never_sent(origin: str) -> str:
    """Return why no browser sends this as `Origin`, or nothing."""
    if origin in ("*", "null"):
        return ""
    scheme, _, rest = origin.partition("://")
    if not rest:
        return "it has no scheme such as https://"
    if "*" in origin:
        return "it holds a *; patterns go into allow_origin_regex"
    if "/" in rest:
        return "an origin ends with the host or the port, without a slash or a path"
    if origin != origin.lower():
        return "browsers send it in lower case"
    match = ORIGIN.fullmatch(origin)
    if match is None:
        return "it is not scheme, host and port"
    return "browsers leave the default port out" if match["port"] == DEFAULT_PORTS.get(scheme, "-") else ""


def cors_order(app: Application) -> Iterator[Fact]:
    """Tell what stands outside CORSMiddleware."""
    layers = added(app)
    position = next((index for index, layer in enumerate(layers) if _is(layer, CORS)), None)
    if position is None:
        if not any("cors" in layer.name.lower() for part in applications(app) for layer in added(part)):
            yield Fact(id="no-cors-middleware", what="no CORSMiddleware is added")
        return
    if position == 0:
        yield Fact(id="cors-outermost", what="no middleware that was added stands outside CORSMiddleware")
    for layer in layers[:position]:
        shown = layer.shown
        if layer.short in ANSWERING and layer.name.startswith(FRAMEWORKS):
            yield Fact(
                id="cors-not-outermost",
                what=f"{layer.short} stands outside CORSMiddleware and answers some requests itself; such an answer, "
                "and a preflight it stops, has no CORS headers",
            )
        elif layer.answers_at:
            yield Fact(
                id="cors-not-outermost",
                what=f"{shown.short} stands outside CORSMiddleware and answers by itself (line {layer.answers_at}); "
                "such an answer, and a preflight it stops, has no CORS headers",
                place=shown.at(layer.answers_at),
            )


def cors_and_errors(app: Application) -> Iterator[Fact]:
    """Tell of an error handler whose answers never pass through CORSMiddleware."""
    inside = [layer for layer in app.layers if layer.layer == "user" and _is(layer, CORS)]
    outside = [layer for layer in app.layers if layer.layer == "wrapper" and _is(layer, CORS)]
    for handler in app.exception_handlers:
        if inside and not outside and handler.of in ("Exception", "500"):
            yield Fact(
                id="error-handler-outside-cors",
                what=f"the handler {handler.short} for {handler.of} runs in ServerErrorMiddleware, outside "
                "CORSMiddleware, so a browser may not read its answer",
                place=handler,
            )


def trusted_hosts(app: Application) -> Iterator[Fact]:
    """Judge allowed_hosts, and tell which of Starlette's guards are not there."""
    layers = [layer for part in applications(app) for layer in added(part)]
    for layer in layers:
        hosts = layer.options.get("allowed_hosts") if _is(layer, "TrustedHostMiddleware") else None
        for host in hosts if isinstance(hosts, list) else ():
            if isinstance(host, str) and not HOST.fullmatch(host):
                yield Fact(
                    id="allowed-host-never-sent",
                    what=f"allowed_hosts has {host!r}, which is compared with the host alone: no scheme, port or path",
                )
    for name, id_ in (
        ("TrustedHostMiddleware", "no-trusted-host-middleware"),
        ("HTTPSRedirectMiddleware", "no-https-redirect-middleware"),
    ):
        if not any(_is(layer, name) for layer in layers):
            yield Fact(id=id_, what=f"no {name} is added")


def number(app: Application) -> Iterator[Fact]:
    """Tell how little middleware there is, where that settles something."""
    layers = [layer for part in applications(app) for layer in added(part)]
    if not layers:
        yield Fact(id="no-middleware", what="no middleware is added, here or in a mounted application")
    elif len(layers) == 1:
        yield Fact(id="single-middleware", what=f"{layers[0].shown.short} is the only middleware that is added")
    if not any(layer.is_http or _is_unknown(layer) for layer in layers):
        yield Fact(id="no-http-middleware", what="no @app.middleware function and no BaseHTTPMiddleware is added")


def _is_unknown(layer: Layer) -> bool:
    """Whether another package made it, so that what it does inside cannot be told from here."""
    return layer.is_library and not layer.name.startswith(FRAMEWORKS)


def unbuildable(app: Application) -> Iterator[Fact]:
    """Tell of middleware that cannot be built."""
    for part in applications(app):
        if part.unbuildable is not None and part.unbuildable.is_wrong_call:
            yield Fact(
                id="middleware-cannot-be-built",
                what=f"the middleware cannot be built: {part.unbuildable.error}",
            )


def not_provided(app: Application) -> Iterator[Fact]:
    """Tell of request.session, request.user and request.auth where no middleware on the way can have set them."""
    for item in served(app):
        endpoint = item.route.endpoint
        callables = [(endpoint, item.route.uses)] if endpoint else []
        callables += [(dependency, dependency.uses) for dependency in item.route.walk()]
        for place, uses in callables:
            for key, id_ in (("session", "session"), ("user", "user"), ("auth", "user")):
                if key in uses and not _may_provide(item.layers, key):
                    yield Fact(
                        id=f"{id_}-without-middleware",
                        what=f"{place.short} reads request.{key}, and no middleware on the way to {item.title} "
                        "provides it",
                        place=place.at(uses[key]),
                        path=item.path,
                    )


def _may_provide(layers: Sequence[Layer], key: str) -> bool:
    provider = "SessionMiddleware" if key == "session" else "AuthenticationMiddleware"
    return any(
        layer.layer != "built-in" and (layer.short == provider or key in layer.mentions or _is_unknown(layer))
        for layer in layers
    )


RULES = (cors_options, cors_order, cors_and_errors, trusted_hosts, number, unbuildable, not_provided)
