"""nginx adds a second Access-Control-Allow-Origin beside the one of CORSMiddleware."""

from troubleshoot.testing import Bench, free_port

PARAMETERS = {"upstream": "http://application"}
WRONG = {
    "the same origin in both places": [("Allow-Origin *", "Allow-Origin http://localhost:3000")],
    "every origin in CORSMiddleware": [('allow_origins=["http://localhost:3000"]', 'allow_origins=["*"]')],
    "the proxy's header alone": [
        ('app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:3000"])\n', ""),
        ("Allow-Origin *", "Allow-Origin http://localhost:3000 always"),
    ],
}

BROKEN = """
location / {
    proxy_pass http://application;
    proxy_set_header Host $host;
    add_header Access-Control-Allow-Origin *;
}
"""

# --- application ---
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["http://localhost:3000"])


@app.get("/items")
async def read_items() -> list[str]:
    return ["one"]


# --- check ---
def check(bench: Bench) -> None:
    import http.client
    from contextlib import closing

    port = free_port()
    with bench.server() as application:
        (bench.folder / "nginx.conf").write_text(f"""
            master_process off;
            daemon off;
            pid nginx.pid;
            error_log nginx-error.log;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path temp-body;
                proxy_temp_path temp-proxy;
                fastcgi_temp_path temp-fastcgi;
                uwsgi_temp_path temp-uwsgi;
                scgi_temp_path temp-scgi;
                upstream application {{ server 127.0.0.1:{application.port}; }}
                server {{
                    listen 127.0.0.1:{port};
                    include location.conf;
                }}
            }}
        """)
        command = ["/usr/sbin/nginx", "-p", str(bench.folder), "-e", "nginx-error.log", "-c", "nginx.conf"]
        with bench.process(command, port=port):
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as client:
                page = {"Origin": "http://localhost:3000"}
                client.request("GET", "/items", headers=page)
                response = client.getresponse()
                status, body = response.status, response.read()
                origins = response.headers.get_all("access-control-allow-origin")
                client.request("OPTIONS", "/items", headers={**page, "Access-Control-Request-Method": "GET"})
                preflight = client.getresponse()
                preflight.read()
            assert (status, body) == (200, b'["one"]')
            assert origins == ["http://localhost:3000"]
            assert (preflight.status, preflight.headers.get_all("access-control-allow-origin")) == (200, origins)
