"""What people paste into a complaint counts as what it is, and what is not about a problem counts for nothing."""

import ast
import json

import pytest

from troubleshoot.sources.pasted import take_apart

TRACEBACK = """Traceback (most recent call last):
  File "/srv/app/main.py", line 12, in read
    return order["total"]
KeyError: 'total'
"""
CODE = """from fastapi import FastAPI

app = FastAPI()


@app.get("/orders")
async def orders():
    return [1, 2]
"""
BODY = json.dumps({"detail": [{"loc": ["body"], "msg": "field required"}]}, indent=2)


@pytest.mark.parametrize("fence", ["```\n{}```", "```python\n{}```", "~~~~\n{}~~~~", "{}"])
def test_a_traceback_is_a_log_in_whatever_fence_it_stands(fence):
    found = take_apart("It fails:\n\n" + fence.format(TRACEBACK) + "\nWhat now?\n")
    assert "KeyError: 'total'" in found.log
    assert found.paragraphs == ("It fails:", "What now?")
    assert not found.code


@pytest.mark.parametrize("fence", ["```\n{}```\n", "~~~\n{}~~~\n", "{}"])
@pytest.mark.parametrize("mark", ["~~~~~^^^^^^^^^", "~~^~~~~", "^^^~~~~~"])
def test_what_python_puts_below_a_statement_is_no_fence(fence, mark):
    lines = TRACEBACK.splitlines()
    text = "\n".join([*lines[:3], f"           {mark}", *lines[3:], ""])
    found = take_apart("It fails:\n\n" + fence.format(text) + "\nWhat now?\n")
    assert mark in found.log
    assert found.log.rstrip().endswith("KeyError: 'total'")
    assert found.paragraphs == ("It fails:", "What now?")


@pytest.mark.parametrize(
    "fence", ["```{}```\n", "``` {}```\n", "```python\n\n``` {}```\n", "```{}\n```\n", "``` {} ```\n"]
)
def test_what_stands_in_the_line_of_a_fence_is_not_lost(fence):
    found = take_apart("It fails:\n\n" + fence.format(TRACEBACK.rstrip()) + "What now?\n")
    assert "Traceback (most recent call last):" in found.log
    assert found.log.rstrip().endswith("KeyError: 'total'")
    assert found.paragraphs == ("It fails:", "What now?")


def test_a_line_that_opens_and_closes_a_fence_opens_no_block():
    text = (
        "It fails.\n\n```KeyError: 'total'```\n\n```docker logs``` shows no more.\n\n```py " + CODE + "```\nWhat now?\n"
    )
    found = take_apart(text)
    assert found.log.strip() == "KeyError: 'total'"
    assert found.paragraphs == ("It fails.", "docker logs  shows no more.", "What now?")
    assert found.code == (CODE,)


@pytest.mark.parametrize("fence", ["```python\n{}```", "```\n{}```", "{}"])
def test_source_is_source_in_whatever_fence_it_stands(fence):
    found = take_apart("My application:\n\n" + fence.format(CODE) + "\n\nIt is slow.\n")
    (code,) = found.code
    assert "async def orders():" in code
    assert "return [1, 2]" in code
    assert found.paragraphs == ("My application:", "It is slow.")


@pytest.mark.parametrize("error", ["ValueError: not a number", "shop.errors.StockError: sold out", TRACEBACK.rstrip()])
@pytest.mark.parametrize("fence", ["```\n{}{}\n```\n", "```python\n{}\n{}\n```\n"])
def test_an_error_added_to_source_within_one_fence_is_a_log_and_leaves_the_source_whole(fence, error):
    found = take_apart("It fails:\n\n" + fence.format(CODE, error) + "What now?\n")
    (code,) = found.code
    assert ast.parse(code)
    assert code.rstrip() == CODE.rstrip()
    assert found.log.strip() == error


def test_source_that_only_speaks_of_errors_stays_one_piece():
    code = CODE + '\n\nclass StockError(ValueError):\n    reason: str = "ValueError: sold out"\n'
    found = take_apart("It fails:\n\n```python\n" + code + "```\n")
    assert (found.code, found.log) == ((code,), "")


def test_a_request_in_a_few_lines_is_source():
    lines = 'files = {"page": open("page.txt", "rb")}\nanswer = requests.post(URL, files=files)\nprint(answer.text)\n'
    assert take_apart(f"I send it so:\n\n```\n{lines}```\n").code == (lines,)
    assert not take_apart("The answer = requests of many people, and post( it is slow.\n").code


def test_the_lines_of_fastapis_own_command_are_a_log():
    lines = '      INFO   Waiting for application startup.\n      INFO   127.0.0.1:61605 - "GET /docs HTTP/1.1" 200'
    assert take_apart(f"It starts, and I see\n\n{lines}\n\nand no page.\n").log.strip() == lines.strip()


@pytest.mark.parametrize("fence", ["{}", "```\n{}```", "`\n{}`"])
def test_the_last_lines_of_a_function_belong_to_it(fence):
    code = CODE.replace("    return [1, 2]", "    found = [1, 2]\n\n    return found")
    found = take_apart("My application:\n\n" + fence.format(code) + "\n\nIt is slow.\n")
    assert [piece.rstrip() for piece in found.code] == [code.rstrip()]
    assert found.paragraphs == ("My application:", "It is slow.")


def test_bodies_shell_sessions_and_lists_of_packages_are_logs():
    text = f"I get\n\n{BODY}\n\nafter\n\n$ curl -X POST localhost:8000/orders\n\nfastapi==0.70.0\npydantic            1.9.0\n"
    found = take_apart(text)
    assert '"msg": "field required"' in found.log
    assert "$ curl" in found.log
    assert "fastapi==0.70.0" in found.log
    assert "pydantic            1.9.0" in found.log
    assert found.paragraphs == ("I get", "after")


def test_what_the_page_has_put_there_is_not_said_by_anybody():
    text = (
        "<!-- describe\nthe bug -->\n### Description\n- [x] I searched the issues\n- [ ] I read the docs\n> It hangs.\n"
    )
    assert take_apart(text).paragraphs == ("It hangs.",)


def test_prose_with_words_that_python_has_stays_prose():
    text = "If I import nothing it works. For every request\nwith a body the server waits.\nreturn to the start page fails\n"
    found = take_apart(text)
    assert not found.code
    assert not found.log
    assert "with a body the server waits." in " ".join(found.paragraphs)


def test_configuration_is_neither_said_nor_source():
    found = take_apart("nginx:\n```nginx\nproxy_pass http://app;\n```\n")
    assert found.paragraphs == ("nginx:",)
    assert found.other.strip() == "proxy_pass http://app;"
