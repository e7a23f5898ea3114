"""The docs page takes its scripts from a CDN, which the site's Content-Security-Policy forbids."""

from troubleshoot.testing import Bench, get

FILES = {"swagger-ui/swagger-ui-bundle.js": "SwaggerUIBundle = 1", "swagger-ui/swagger-ui.css": "body {}"}
APP = "app = FastAPI()\n"
WRONG = {
    "CORSMiddleware": [
        (APP, APP + 'app.add_middleware(CORSMiddleware, allow_origins=["https://cdn.jsdelivr.net"])\n'),
        (
            "from fastapi import FastAPI\n",
            "from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\n",
        ),
    ],
    "the CDN allowed, and the inline script not": [
        ("\"default-src 'self'\"", "\"default-src 'self' https://cdn.jsdelivr.net\"")
    ],
    "'unsafe-inline' for the whole site": [
        ("\"default-src 'self'\"", "\"default-src 'self' 'unsafe-inline' https://cdn.jsdelivr.net\"")
    ],
}

# --- broken ---
from fastapi import FastAPI

app = FastAPI()

# --- application ---
from fastapi import Request


@app.middleware("http")
async def add_policy(request: Request, call_next):
    response = await call_next(request)
    response.headers.setdefault("Content-Security-Policy", "default-src 'self'")
    return response


# --- check ---
def check(bench: Bench) -> None:
    import base64
    import hashlib
    import re

    with bench.server("--root-path", "/shop") as server:  # as behind a proxy that takes /shop off
        status, headers, page = get(server.url("/docs"))
        assert status == 200
        policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
        allowed = policy.get("script-src", policy["default-src"]).split()
        for address in re.findall(r'<script src="([^"]+)"|<link [^>]*rel="stylesheet" href="([^"]+)"', page):
            path = "".join(address)
            if path.startswith("https:"):
                assert any(path.startswith(source) for source in allowed), f"the policy forbids {path}"
            else:
                assert path.startswith("/shop/"), path
                assert get(server.url(path.removeprefix("/shop")))[0] == 200
        for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert {f"'sha256-{digest}'", "'unsafe-inline'"} & set(allowed), "the policy forbids the inline script"
            assert "'/shop/openapi.json'" in script
        assert "'unsafe-inline'" not in allowed
        assert get(server.url("/openapi.json"))[0] == 200
