"""A page and an error page in the old order of arguments: both end in 500."""

from troubleshoot.testing import Bench, get

FILES = {"templates/page.html": "<h1>{{ title }}</h1> {{ request.url.path }}"}
WRONG = {
    "keywords, and the request in the context": [
        (
            'TemplateResponse("page.html", {"request": request, "title": "Welcome"})',
            'TemplateResponse(name="page.html", context={"request": request, "title": "Welcome"})',
        ),
        (
            'TemplateResponse("page.html", {"request": request, "title": "Not found"}, status_code=404)',
            'TemplateResponse(name="page.html", context={"request": request, "title": "Not found"}, status_code=404)',
        ),
    ],
    "the request at the end": [
        (f'"page.html", {{"request": request, "title": "{title}"}}', f'"page.html", {{"title": "{title}"}}, request')
        for title in ("Welcome", "Not found")
    ],
}

# --- broken ---
from fastapi import APIRouter, Request
from fastapi.templating import Jinja2Templates

router = APIRouter()
templates = Jinja2Templates(directory="templates")


@router.get("/")
async def show_page(request: Request):
    return templates.TemplateResponse("page.html", {"request": request, "title": "Welcome"})


async def show_error(request: Request, error: Exception):
    return templates.TemplateResponse("page.html", {"request": request, "title": "Not found"}, status_code=404)


# --- application ---
from fastapi import FastAPI

app = FastAPI(exception_handlers={404: show_error})
app.include_router(router)


# --- check ---
def check(bench: Bench) -> None:
    with bench.server() as server:
        page = get(server.url("/"))
        missing = get(server.url("/nowhere"))
    assert "TypeError" not in server.log
    assert (page[0], page[2]) == (200, "<h1>Welcome</h1> /")
    assert (missing[0], missing[2]) == (404, "<h1>Not found</h1> /nowhere")
