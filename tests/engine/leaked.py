"""Secrets made up in the forms in which their issuers and our logs write them, and lines that hold none."""

import random
import string
from collections.abc import Iterator

LETTERS = string.ascii_letters + string.digits
SMALL = string.ascii_lowercase + string.digits
LARGE = string.ascii_uppercase + string.digits
HEX = "0123456789abcdef"
WORD = LETTERS + "_-"
BASE64 = LETTERS + "+/"


class Maker:
    """Makes characters that nobody issued, the same in every run."""

    def __init__(self) -> None:
        self.random = random.Random(20)

    def __call__(self, alphabet: str, size: int) -> str:
        text = "".join(self.random.choices(alphabet, k=size - 3))
        # One of each kind, as a key of that length has.
        return text + "".join(self.random.choice(kind) for kind in self.kinds(alphabet))

    def kinds(self, alphabet: str) -> tuple[str, str, str]:
        digits = string.digits
        small = "abcdef" if alphabet == HEX else string.ascii_lowercase
        return (
            digits,
            small if small[0] in alphabet else digits,
            string.ascii_uppercase if "A" in alphabet else digits,
        )


ISSUED = """
AKIA LARGE 16 · ASIA LARGE 16 · ABIA LARGE 16 · ACCA LARGE 16 · AIza WORD 35 · GOCSPX- WORD 28 · ya29. WORD 60 · 1//0 WORD 40
ghp_ LETTERS 36 · gho_ LETTERS 36 · ghu_ LETTERS 36 · ghs_ LETTERS 36 · ghr_ LETTERS 36 · github_pat_ LETTERS 82
glpat- WORD 20 · gldt- WORD 20 · glrt- WORD 20 · glcbt- WORD 20 · glptt- HEX 40 · glft- WORD 20 · glsoat- WORD 20
glimt- WORD 25 · glagent- WORD 50 · glffct- WORD 20 · GR1348941 WORD 20 · ATATT3 WORD 180 · ATCTT3 WORD 180 · BBDC- BASE64 40
npm_ LETTERS 36 · pypi-AgEIcHlwaS5vcmc WORD 60 · rubygems_ HEX 48 · dckr_pat_ WORD 27 · CCIPAT_ LETTERS 40 · bkua_ HEX 40 · sgp_ HEX 40
xoxb-1234567890-1234567890- LETTERS 24 · xoxp-1234567890-1234567890- HEX 32 · xoxa-2- LETTERS 20 · xoxr- LETTERS 20 · xoxs- LETTERS 20
xapp-1-A012345-123- HEX 64 · SG.aBcDeFgHiJkLmNoPqRsT1. WORD 43 · key- HEX 32 · xkeysib- HEX 64 · SK HEX 32
sk_live_ LETTERS 24 · sk_test_ LETTERS 24 · rk_live_ LETTERS 24 · whsec_ LETTERS 32 · shpat_ HEX 32 · shpss_ HEX 32 · shpca_ HEX 32
sq0atp- WORD 22 · sq0csp- WORD 43 · EZAK LETTERS 54 · FLWSECK- HEX 32 · duffel_live_ WORD 43 · EAACEdEose0cBA LETTERS 60
sk- LETTERS 48 · sk-proj- WORD 60 · sk-ant-api03- WORD 95 · gsk_ LETTERS 52 · r8_ LETTERS 37 · pplx- LETTERS 48 · xai- LETTERS 80
glsa_ LETTERS 41 · NRAK- LARGE 27 · dp.pt. LETTERS 43 · dp.st.dev. LETTERS 43 · hvs. WORD 90 · hvb. WORD 100 · sntrys_ BASE64 60 · sntryu_ HEX 64
pscale_tkn_ WORD 43 · pscale_pw_ WORD 43 · dapi HEX 32 · dop_v1_ HEX 64 · doo_v1_ HEX 64 · nfp_ LETTERS 40 · vercel_blob_rw_ LETTERS 40 · sbp_ HEX 40
sb_secret_ LETTERS 30 · lin_api_ LETTERS 40 · figd_ WORD 43 · ntn_ LETTERS 46 · secret_ LETTERS 43 · CFPAT- WORD 43 · aio_ LETTERS 28
AGE-SECRET-KEY-1 LARGE 58 · ops_eyJ LETTERS 200 · rnd_ LETTERS 32 · fm2_ BASE64 80
"""
NAMED = """
Authorization: Bearer {}|Authorization: Basic {}|Authorization: Token {}|Authorization: ApiKey {}|authorization={}
{{"authorization": "Bearer {}"}}|(b'authorization', b'Bearer {}')|[b"authorization", b"Token {}"]|'Authorization': 'Bearer {}'
-H "Authorization: Bearer {}"|-H 'X-Api-Key: {}'|X-API-Key: {}|(b'x-api-key', b'{}')|x-auth-token: {}|PRIVATE-TOKEN: {}
Proxy-Authorization: Basic {}|x-vault-token: {}|X-Amz-Security-Token: {}|x-csrf-token: {}|{{"x-api-key":"{}"}}
Cookie: session={}|cookie: theme=dark; sessionid={}|(b'cookie', b'session={}')|"cookie": "access_token={}; theme=dark"
Set-Cookie: session={}; HttpOnly; Path=/|(b'set-cookie', b'sid={}; Secure')|'set-cookie': 'refresh={}; SameSite=lax'
password={}|password='{}'|password=b'{}'|password="{}", host="db"|"password": "{}"|{{"password":"{}","name":"a"}}|'password': '{}'
\\"password\\": \\"{}\\"|password: {}|PASSWORD={}|DB_PASSWORD='{}'|PGPASSWORD={} psql|export MYSQL_ROOT_PASSWORD={}|db_password = "{}"
passwd={}|pwd={};server=db|Password={};User Id=sa|user=app password={} host=db|passphrase="{}"|hashed_password='{}'|new_password={}&x=1
secret={}|client_secret={}|"client_secret": "{}"|SECRET_KEY = "{}"|secret_key='{}'|app_secret: {}|"jwt_secret": "{}"|SecretStr('{}')
api_key={}|apiKey: "{}"|api-key={}|?api_key={}&page=2|&apikey={}|"apiKey":"{}"|API_KEY='{}'|x_api_key="{}"|OPENAI_API_KEY={}
token={}|?token={} HTTP/1.1|access_token={}|"access_token":"{}"|refresh_token={}&grant_type=refresh|id_token='{}'|auth_token={}
"refreshToken": "{}"|csrf_token={}|csrftoken={}|bot_token: "{}"|reset_token={}|TOKEN={}|token="{}"|verification_token='{}'
aws_secret_access_key = {}|AWS_SECRET_ACCESS_KEY={}|AccountKey={};EndpointSuffix|SharedAccessKey={}|access_key="{}"|private_key='{}'
signing_key={}|encryption_key: "{}"|?sig={}&se=2030|X-Amz-Signature={}|signature={}|session_id={}|"session_id": "{}"|sessionid='{}'
postgresql://app:{}@db:5432/shop|postgresql+asyncpg://app:{}@db/shop|mysql://root:{}@localhost/x|redis://:{}@cache:6379/0|amqp://guest:{}@mq//
mongodb+srv://u:{}@cluster.example.net|https://x{}y7QmZ@git.example.org/x.git|https://oauth2:{}@git.example.org/x.git|smtp://me:{}@mail:25
auth=("u", "{}")|auth=('me@example.org', '{}')|HTTPBasicAuth("u", "{}")|BasicAuth('u', '{}')|server.login("me@example.org", "{}")
curl -u admin:{} http://x|curl --user admin:{} http://x|--password {}|--token {}|--api-key={}|--client-secret "{}"|mysql --password={} -u root
ALTER USER app WITH PASSWORD '{}'|CREATE USER app IDENTIFIED BY '{}'|<password>{}</password>|<apiKey>{}</apiKey>
{{"loc":["body","password"],"msg":"too short","input":"{}"}}|password⏎  String should have at least 8 characters [type=string_too_short, input_value='{}', input_type=str]
[SQL: INSERT INTO users (email, hashed_password) VALUES (?, ?)]⏎[parameters: ('a@example.org', '{}')]|[SQL: UPDATE users SET token=?]⏎[parameters: ('{}', 3)]
INSERT INTO users (name, password) VALUES (?, ?)⏎[generated in 0.00012s] ('ann', '{}')|[parameters: {{'email': 'a', 'password': '{}'}}]
username=ann&password={}&scope=|grant_type=password&username=a&password={}|('password', '{}')|Body: b'username=a&password={}'
Authorization: Digest username="a", response="{}"|Authorization: AWS4-HMAC-SHA256 Credential=AK/20300101/eu/s3/aws4_request, Signature={}
bearer {}|token '{}' is refused: token={}|dsn="{}"|connection_string='{}'|webhook_secret={}|jwt={}|otp=48{}|subscription-key={}
https://hooks.slack.com/services/T01234567/B01234567/{}|https://discord.com/api/webhooks/123456789012345678/{}-aBcDeFgHiJkLmNoP
"""


def issued() -> Iterator[tuple[str, str]]:
    """Yield a line for each issuer's form, and what must not be left of it."""
    make = Maker()
    lines = ("log: sent {}", '"key": "{}",', "GET /x?k={} HTTP/1.1", "{}")
    for number, form in enumerate(form for line in ISSUED.strip().splitlines() for form in line.split(" · ")):
        prefix, alphabet, size = form.split()
        secret = make(globals()[alphabet], int(size))
        yield lines[number % len(lines)].format(prefix + secret), secret


def named() -> Iterator[tuple[str, str]]:
    """Yield a line for each way in which a secret is introduced, and the secret."""
    make = Maker()
    alphabets = ((LETTERS, 24), (SMALL, 12), (WORD, 40))
    forms = [form for line in NAMED.strip("\n").split("\n") for form in line.split("|")]
    for number, form in enumerate(forms):
        secret = make(*alphabets[number % len(alphabets)]).strip("-_")
        yield form.replace("⏎", "\n").format(*[secret] * 3), secret


def shaped() -> Iterator[tuple[str, str]]:
    """Yield what is known by its form alone."""
    make = Maker()
    jwt = f"eyJ{make(LETTERS, 30)}.eyJ{make(LETTERS, 60)}.{make(WORD, 43)}"
    yield f'GET /verify/{jwt} HTTP/1.1" 200', jwt
    yield f"token {jwt} has expired", jwt
    secret = make(WORD, 38)
    yield f"bot M{make(LETTERS, 24)}.{make(LETTERS, 6)}.{secret}", secret
    secret = make(LETTERS, 35)
    yield f"https://api.telegram.org/bot123456789:{secret}/send", secret
    secret = make(HEX, 32)
    yield f"{secret}-us14", secret
    secret = make(BASE64, 86)
    yield f"DefaultEndpointsProtocol=https;AccountName=a;AccountKey={secret}==;", secret
    secret = make(LETTERS, 31)
    yield f"aB38Q~{secret}", secret
    secret = make(LETTERS, 64)
    yield f"{make(LETTERS, 14)}.atlasv1.{secret}", secret
    for kind in ("RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "EC PRIVATE KEY", "PGP PRIVATE KEY BLOCK"):
        body = [make(BASE64, 64) for _ in range(4)]
        for join in ("\n", "\\n"):
            text = join.join((f"-----BEGIN {kind}-----", *body, f"-----END {kind}-----"))
            yield text, body[2]
        yield join.join((f'"private_key": "-----BEGIN {kind}-----', *body[:2])), body[1]
    yield make(BASE64, 64), "not a line of a key"


SECRETS = [*issued(), *named(), *list(shaped())[:-1]]

LINES = (
    'INFO:     127.0.0.1:{port} - "{verb} {path} HTTP/1.1" {status} {reason}',
    '{time} [INFO] uvicorn.access: 10.0.{a}.{b}:{port} - "{verb} {path}?page={a}&sort=-created_at HTTP/1.1" {status}',
    "INFO:     Started server process [{port}]",
    "INFO:     connection open",
    'INFO:     127.0.0.1:{port} - "WebSocket /ws/{a}" [accepted]',
    "{time},{a} INFO sqlalchemy.engine.Engine SELECT users.id, users.email FROM users WHERE users.id = %(id_1)s",
    "{time},{a} INFO sqlalchemy.engine.Engine [cached since {b}.4s ago] {{'id_1': {a}}}",
    "{time} INFO sqlalchemy.engine.Engine [generated in 0.0004s] ('ann', {a})",
    "{time} ERROR app.orders order {hex} failed: KeyError: 'price'",
    '  File "/srv/app/.venv/lib/python3.12/site-packages/starlette/routing.py", line {port}, in handle',
    '    raise HTTPException(status_code={status}, detail="Could not validate credentials")',
    "fastapi.exceptions.HTTPException: 401: Not authenticated",
    "jwt.exceptions.ExpiredSignatureError: Signature has expired",
    "{time} WARNING app.auth token expired for user {a}, refresh token rotated",
    "{time} DEBUG app.auth password hash verified in 0.{b} s with bcrypt, cost {a}",
    "[{time} +0000] [{port}] [INFO] Booting worker with pid: {port}",
    "[{time}: INFO/MainProcess] Task app.tasks.send_mail[{uuid}] succeeded in 0.{a}s: None",
    '10.0.{a}.{b} - - [29/Nov/2026:06:25:24 +0000] "{verb} {path} HTTP/1.1" {status} {port} "-" "Mozilla/5.0 (X11)"',
    'time="{time}" level=info msg="request done" path={path} status={status} request_id={uuid} duration=0.{a}',
    '{{"level":"info","ts":"{time}","msg":"request","path":"{path}","status":{status},"trace_id":"{hex}"}}',
    '{{"detail":[{{"type":"missing","loc":["body","password"],"msg":"Field required","input":{{"name":"ann"}}}}]}}',
    "pydantic_core._pydantic_core.ValidationError: {a} validation errors for Settings",
    "  Field required [type=missing, input_value={{'app_name': 'shop'}}, input_type=dict]",
    'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "db" (10.0.{a}.{b}), port 5432',
    'FATAL:  password authentication failed for user "app"',
    "botocore.exceptions.NoCredentialsError: Unable to locate credentials",
    "digest: sha256:{hex}{hex} size: {port}",
    "Successfully installed fastapi-0.{a}.0 starlette-0.{b}.1 typing-extensions-4.{a}.2",
    "{time} INFO app.keys api key {a} of tenant {b} rotated, session {port} closed",
    "WARNING: csrf token missing or incorrect: {path}",
    "Set-Cookie header of {path} has no SameSite attribute",
    "authorization header missing, expected: Authorization: Bearer <token>",
)


def log_lines(count: int) -> list[str]:
    """Return lines as servers, libraries and applications write them, without a secret in any."""
    pick = random.Random(5)
    lines = []
    for number in range(count):
        values = {
            "port": pick.randrange(1024, 65536), "a": pick.randrange(1, 255), "b": pick.randrange(1, 255),
            "status": pick.choice((200, 201, 307, 401, 403, 404, 422, 500)), "reason": pick.choice(("OK", "Not Found")),
            "verb": pick.choice(("GET", "POST", "DELETE")), "hex": "".join(pick.choices(HEX, k=32)),
            "path": pick.choice(("/", "/auth/token", "/users/7/password", "/api/v1/items", "/reset-password", "/docs")),
            "uuid": "-".join("".join(pick.choices(HEX, k=size)) for size in (8, 4, 4, 4, 12)),
            "time": f"2026-11-{pick.randrange(1, 30):02} {pick.randrange(24):02}:{pick.randrange(60):02}:07",
        }  # fmt: skip
        lines.append(LINES[number % len(LINES)].format(**values))
    return lines
