"""The docs page takes its scripts from a CDN, which the site's Content-Security-Policy forbids."""

from troubleshoot.testing import Bench, get

FILES = {"swagger-ui/swagger-ui-bundle.js": "SwaggerUIBundle = 1", "swagger-ui/swagger-ui.css": "body {}"}
ATTEMPT = """
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["https://cdn.jsdelivr.net"])
"""
WRONG = {"the first thing tried": ATTEMPT}

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

    with bench.server() as server:
        status, headers, page = get(server.url("/docs"))
        assert status == 200
        policy = dict(part.strip().partition(" ")[::2] for part in headers["content-security-policy"].split(";"))
        allowed = policy.get("script-src", policy["default-src"]).split()
        for address in re.findall(r'<script src="([^"]+)"|<link [^>]*rel="stylesheet" href="([^"]+)"', page):
            path = "".join(address)
            assert path.startswith("/"), f"{path} is not of this site"
            assert get(server.url(path))[0] == 200
        for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in allowed, "the policy forbids the inline script"
        assert "'unsafe-inline'" not in allowed
        assert get(server.url("/openapi.json"))[0] == 200
