"""nginx refuses a body of 2 MB with 413 and ends a slow request with 504; the application is healthy.

The proxy waits for one second in place of its sixty, set for the whole server, so as not to wait that long here.
"""

from troubleshoot.testing import Bench, free_port

PARAMETERS = {"upstream": "http://application"}

BROKEN = """\
location / {
    proxy_pass http://application;
    proxy_set_header Host $http_host;
}
"""

PASS = "    proxy_pass http://application;\n"
WRONG = {
    "other limits of the proxy": [
        (
            PASS,
            f"""    client_body_buffer_size 50m;
    proxy_connect_timeout 300s;
    proxy_send_timeout 300s;
{PASS}""",
        )
    ],
    "the limit of the body alone": [(PASS, f"    client_max_body_size 50m;\n{PASS}")],
}

# --- application ---
import asyncio

from fastapi import FastAPI, Request

app = FastAPI()


@app.post("/imports")
async def receive(request: Request) -> int:
    return len(await request.body())


@app.get("/imports")
async def build() -> str:
    await asyncio.sleep(2)
    return "done"


# --- check ---
def check(bench: Bench) -> None:
    import http.client
    from contextlib import closing

    def answer(port: int, method: str, body: bytes | None = None) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as client:
            client.request(method, "/imports", body=body)
            response = client.getresponse()
            return response.status, response.read()

    proxy_port = free_port()
    with bench.server() as server:
        (bench.folder / "nginx.conf").write_text(f"""
            master_process off;
            daemon off;
            pid nginx.pid;
            error_log stderr;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path temp-body;
                proxy_temp_path temp-proxy;
                fastcgi_temp_path temp-fastcgi;
                uwsgi_temp_path temp-uwsgi;
                scgi_temp_path temp-scgi;
                proxy_read_timeout 1s;
                upstream application {{ server 127.0.0.1:{server.port}; }}
                server {{
                    listen 127.0.0.1:{proxy_port};
                    include application.conf;
                }}
            }}
        """)
        command = ["/usr/sbin/nginx", "-p", str(bench.folder), "-e", "stderr", "-c", "nginx.conf"]
        with bench.process(command, port=proxy_port) as proxy:
            body = bytes(2 * 1024 * 1024)
            expected = [(200, b"%d" % len(body)), (200, b'"done"')]
            found = [answer(proxy_port, "POST", body), answer(proxy_port, "GET")]
            if not bench.fixed:
                assert [answer(server.port, "POST", body), answer(server.port, "GET")] == expected
                assert [status for status, _ in found] == [413, 504]
                assert "client intended to send too large body" in proxy.log
                assert "upstream timed out (110: Connection timed out) while reading response header" in proxy.log
            assert found == expected
