"""What the program looks for, and what its readers stumble over: the pieces of hostile input."""

HEADER = "Traceback (most recent call last):\n"
FRAME = '  File "/srv/app.py", line 3, in f\n'
RUNS = (
    *("a", "a-", "a.", ".", "-", "=", ":", "/", "://", "@", "x@y:", "http://a:", " ", "\t", "\n", "a\n", "é", "'", '"'),
    *(
        "token",
        "token=",
        "token=abcdef;",
        "password ",
        "cookie:<",
        "cookie=abcdef; ",
        "authorization:bearer",
        "bearer ",
    ),
    *(
        "eyJ",
        "eyJa-",
        "sk-",
        "<secret ",
        "\x1b",
        "\x1b[",
        "\x1b[0",
        "\x1b]",
        "\\n",
        "[",
        "]",
        "(",
        "{a",
        "|",
        "| ",
        "+-",
    ),
    *(
        'File "',
        HEADER,
        f"{HEADER}E: x\n",
        FRAME,
        "[pod/a",
        "fastapi",
        "fastapi-",
        "fastapi==",
        "fastapi @ /",
        "0.",
        "1",
    ),
)
"""What the patterns of the program like."""
SECRETLY = (
    *("password=", "--token ", "auth(", "a=b;", "sig.", "://a:", "'password': '", "<password>", "curl -u "),
    *("-----BEGIN PRIVATE KEY-----", 'input token"] ', '"input":"', "password\ninput_value='", "token [parameters: ("),
)
"""What the rules of redaction like."""
HOSTILE = (
    *("\x00", "\x1b]0;owned\x07", "\x1b[31m", "\x9b", "\x7f", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"),
    *("\u202e", "\ufeff", "\ud800", "İ", "ß", "ﬁ", "٣", "\u0301", "👩\u200d🚀", "\u3000", "\xa0", "\t", "    ", "\x1a"),
    *("\n::error file=a.py::", "::add-mask::", "##[error]", "![p](http://x/y.png)", "](http://x)", "<b>", "```\n"),
    *("-1", "0", "1e999", "NaN", "Infinity", "9" * 5000, "007", "+1", "1_000", "null", "true", "[]", "{}", '""'),
    *("'''", '"""', "[" * 300, "(" * 120, "{a: " * 60, "a." * 150, "- " * 60, "{{ 1 / 0 }}", "{% raw %}", "${x}"),
    *("$(x)", "`x`", "; ", "\\", "[z-a]", "[[:space:]]", "**/", "!", "/**", "*", "?", "&a ", "*a", "!!python/name:x "),
    *("<<: ", "? ", "...\n---\n", "%TAG", "| --- |", "import ", "from a import b\n", "await ", "async ", "yield "),
    *("return ", "lambda: ", "global a\n", "def f(): ...\n", "@", "Depends(", "Annotated[", "= None", "*args", ":="),
    *("**kwargs", "f'{a}'", "match a:\n", "with a as b, c:\n", "del a\n", "# troubleshoot: ignore", "# fmt: off\n"),
    *("# type: ignore\n", "# coding: utf-16\n", "\\N{BULLET}"),
)
"""What ends a line, opens a command, costs a parser its patience, or is not what it looks like."""
