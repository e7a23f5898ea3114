"""nginx sends a request on a connection that the server closes at this moment, and answers 502.

The moment is made to last: nginx is stopped while the request and, after it, the end of the connection arrive.
"""

from troubleshoot.testing import Bench, eventually, free_port

PARAMETERS = {"seconds": "30"}

# The default is 5 seconds; one is enough to see it.
BROKEN = """\
#!/bin/sh
exec python -m uvicorn main:app --host 0.0.0.0 --port "${PORT:-8000}" --timeout-keep-alive 1
"""

KEEP_ALIVE = "--timeout-keep-alive 1"
WRONG = {
    "a longer time to shut down": [(KEEP_ALIVE, f"{KEEP_ALIVE} --timeout-graceful-shutdown 75")],
    "a longer queue of connections": [(KEEP_ALIVE, f"{KEEP_ALIVE} --backlog 4096")],
}

# --- application ---
from fastapi import FastAPI

app = FastAPI()


@app.post("/orders")
async def order() -> str:
    return "ordered"


# --- check ---
def check(bench: Bench) -> None:
    import http.client
    import os
    import signal
    import sys
    from contextlib import closing
    from pathlib import Path

    port, proxy_port = free_port(), free_port()
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
            upstream application {{ server 127.0.0.1:{port}; keepalive 16; }}
            server {{
                listen 127.0.0.1:{proxy_port};
                proxy_read_timeout 300s;
                location / {{ proxy_pass http://application; proxy_http_version 1.1; proxy_set_header Connection ""; }}
            }}
        }}
    """)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    env = {"PORT": str(port), "UVICORN_LOG_LEVEL": "trace", "PATH": path}
    nginx = ["/usr/sbin/nginx", "-p", str(bench.folder), "-e", "stderr", "-c", "nginx.conf"]
    with (
        bench.process(["sh", "start.sh"], port=port, env=env) as server,
        bench.process(nginx, port=proxy_port) as proxy,
        closing(http.client.HTTPConnection("127.0.0.1", proxy_port, timeout=10)) as client,
    ):
        client.request("POST", "/orders")
        response = client.getresponse()
        assert (response.status, response.read()) == (200, b'"ordered"')
        proxy.process.send_signal(signal.SIGSTOP)
        try:
            client.request("POST", "/orders")
            # One connection was lost when the bench had waited for the port.
            closed = eventually(lambda: server.log.count("HTTP connection lost") == 2, 2)
        finally:
            proxy.process.send_signal(signal.SIGCONT)
        response = client.getresponse()
        assert response.status == 200, proxy.log
        assert response.read() == b'"ordered"'
        assert not closed
