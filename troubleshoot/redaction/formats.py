"""Secrets that are recognised by their own form: tokens with the prefix of who issued them, keys in their armour.

The forms are those that the issuers publish for scanners. Every search takes time in proportion to the text: it starts
at a fixed prefix or at the edge of a word, and a run of characters ends it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from troubleshoot.lazy import pattern

WORD = r"[A-Za-z0-9_\-]"
HEX = r"[0-9a-fA-F]"
BASE64 = r"[A-Za-z0-9+/]"
MIXED = rf"(?={WORD}{{0,80}}\d){WORD}"
"""A character of a run with a digit in it, which tells a key from words with hyphens."""

PREFIXES: Mapping[str, str] = {
    # clouds
    **dict.fromkeys(("AKIA", "ASIA", "ABIA", "ACCA"), r"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    "ABSK": rf"{BASE64}{{60,}}=*",
    "AIza": rf"{WORD}{{35}}",
    "GOCSPX-": rf"{WORD}{{20,}}",
    "ya29.": r"[\w.\-]{20,}",
    "1//0": rf"{WORD}{{30,}}",
    **dict.fromkeys(("dop_v1_", "doo_v1_", "dor_v1_"), rf"{HEX}{{40,}}"),
    "LTAI": r"[A-Za-z0-9]{12,24}(?![A-Za-z0-9])",
    "AKID": r"[A-Za-z0-9]{32}(?![A-Za-z0-9])",
    # code and packages
    **dict.fromkeys(("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"[A-Za-z0-9]{20,}"),
    "github_pat_": r"\w{22,}",
    **dict.fromkeys(
        (
            *("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glimt-", "glagent-", "glffct-"),
            *("glwt-", "glrtr-", "_gitlab_session="),
        ),
        r"[\w.\-]{16,}",
    ),
    "GR1348941": rf"{WORD}{{16,}}",
    **dict.fromkeys(("ATATT3", "ATCTT3", "ATBB"), r"[\w\-]{20,}(?:=\w+)?"),
    "BBDC-": rf"{BASE64}{{30,}}",
    **dict.fromkeys(("npm_", "rubygems_"), r"[A-Za-z0-9]{36,}"),
    "pypi-AgE": rf"{WORD}{{40,}}",
    **dict.fromkeys(("dckr_pat_", "dckr_oat_"), rf"{WORD}{{20,}}"),
    "CCIPAT_": r"\w{20,}",
    "bkua_": rf"{HEX}{{40}}",
    "sgp_": r"\w{40,}",
    # conversation
    **dict.fromkeys(
        ("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe-", "xoxe.", "xoxc-", "xoxd-", "xapp-"), r"[\w.%\-]{10,}"
    ),
    "hooks.slack.com/": r"(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9+/]{20,})",
    "discord.com/api/webhooks/": rf"\d+/(?P<secret>{WORD}{{30,}})",
    "discordapp.com/api/webhooks/": rf"\d+/(?P<secret>{WORD}{{30,}})",
    "webhook.office.com/webhookb2/": r"(?P<secret>[\w@/\-]{40,})",
    "chat.googleapis.com/v1/spaces/": r"[\w\-]+/messages\?(?P<secret>[\w\-=&%]{20,})",
    # mail and messages
    "SG.": rf"{WORD}{{16,}}\.{WORD}{{16,}}",
    "key-": rf"{HEX}{{32}}(?!{HEX})",
    "xkeysib-": rf"{WORD}{{40,}}",
    "SK": r"[0-9a-f]{32}(?![0-9a-f])",
    "re_": r"[A-Za-z0-9]{8,}_[A-Za-z0-9]{16,}",
    # payments and shops
    **dict.fromkeys(
        ("sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_", "whsec_"), r"[A-Za-z0-9+/=]{10,}"
    ),
    **dict.fromkeys(("shpat_", "shpss_", "shpca_", "shppa_"), rf"{HEX}{{32}}"),
    **dict.fromkeys(("sq0atp-", "sq0csp-"), rf"{WORD}{{20,}}"),
    "EAAA": rf"{WORD}{{56,}}",
    "EAA": r"[A-Za-z0-9]{60,}",
    **dict.fromkeys(("EZAK", "EZTK"), r"[A-Za-z0-9]{54}"),
    **dict.fromkeys(("FLWSECK-", "FLWSECK_TEST-", "duffel_test_", "duffel_live_"), rf"{WORD}{{12,}}"),
    "access_token$production$": rf"\w{{16}}\${HEX}{{32}}",
    # models
    "sk-": rf"(?:[A-Za-z0-9]{{20,}}|{MIXED}{{20,}})",
    "hf_": r"[A-Za-z]{30,}",
    "gsk_": r"\w{40,}",
    "r8_": r"\w{30,}",
    "pplx-": r"\w{40,}",
    "xai-": r"\w{40,}",
    "tgp_v1_": rf"{WORD}{{30,}}",
    # operations
    **dict.fromkeys(("glsa_", "glc_"), r"[\w+/=]{30,}"),
    **dict.fromkeys(("NRAK-", "NRJS-", "NRII-", "NRIQ-"), rf"{WORD}{{19,}}"),
    **dict.fromkeys(("dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."), r"[\w.\-]{40,}"),
    **dict.fromkeys(("hvs.", "hvb.", "hvr."), rf"{WORD}{{20,}}"),
    **dict.fromkeys(("sntrys_", "sntryu_"), r"[\w+/=]{40,}"),
    **dict.fromkeys(("pscale_tkn_", "pscale_pw_", "pscale_oauth_"), r"[\w.=\-]{30,}"),
    "dapi": r"[0-9a-f]{32}(?:-\d)?",
    "rnd_": r"\w{30,}",
    **dict.fromkeys(("fm2_", "fo1_", "fm1r_"), r"[\w+/=\-]{40,}"),
    **dict.fromkeys(("nfp_", "nfc_", "nfo_"), r"\w{36,}"),
    "vercel_blob_rw_": r"\w{30,}",
    "sbp_": rf"{HEX}{{40}}",
    "sb_secret_": rf"{WORD}{{20,}}",
    "PMAK-": rf"{HEX}{{24}}-{HEX}{{34}}",
    "lin_api_": r"\w{40}",
    "figd_": rf"{WORD}{{40,}}",
    "ntn_": r"\w{40,}",
    "secret_": r"[A-Za-z0-9]{43}",
    "CFPAT-": rf"{WORD}{{40,}}",
    "aio_": r"[A-Za-z0-9]{28}",
    "phx_": r"\w{40,}",
    # keys
    "AGE-SECRET-KEY-1": r"[A-Z0-9]{50,}",
    "ops_eyJ": rf"{WORD}{{60,}}",
    "A3-": r"[A-Z0-9]{6}(?:-[A-Z0-9]{5,6}){4,5}",
    "eyJ": rf"{WORD}{{8,}}\.{WORD}+(?:\.{WORD}*){{0,3}}",
}
"""What stands behind a prefix; the group `secret` is the secret if not all of it is."""

SHAPES: Mapping[str, str] = {
    ".": rf"(?<![\w\-])[MNO]{WORD}{{23,25}}\.{WORD}{{6}}\.{WORD}{{27,}}",
    ":": rf"(?<!\d)\d{{8,10}}:{WORD}{{35}}(?!{WORD})",
    "-us": rf"(?<!{HEX}){HEX}{{32}}-us\d{{1,2}}(?!\w)",
    "==": rf"(?<!{BASE64}){BASE64}{{86}}==",
    "q~": r"(?<![\w.~\-])[\w.~\-]{3}[78]Q~[\w.~\-]{31,34}",
    ".atlasv1.": r"(?<!\w)\w{14}\.atlasv1\.[\w\-=]{60,}",
}
"""By a text that is in them: bots of Discord and Telegram; Mailchimp; Azure's storage and client secrets; Terraform."""
BODY = pattern(rf"(?=.*[a-z])(?=.*[A-Z])(?=.*\d){BASE64}+")
BODY_WIDTHS = frozenset({64, 70, 76})
"""Characters in a line of the body of a key."""
ARMOUR = pattern(
    r"-----BEGIN[A-Z0-9 ]{0,40}(?:PRIVATE KEY|PGP MESSAGE)[A-Z ]{0,10}-----"
    r"(?P<secret>(?:[A-Za-z0-9+/=,:\- \t]|\\{1,4}[rn]|[\r\n])+)"
)
ARMOUR_END = "-----END"


def issued(text: str, lower: str) -> Iterator[tuple[int, int]]:
    """Yield where each secret of a known form starts and ends; `lower` is `text` in lower case."""
    for prefix in PREFIXES:
        if prefix in text:
            for match in _prefixed(prefix).finditer(text):
                yield match.span("secret" if "secret" in match.re.groupindex else 0)
    for mark, shape in SHAPES.items():
        if mark in lower:
            for match in _compiled(shape).finditer(text):
                yield match.span()
    position = 0
    for line in text.splitlines(keepends=True) if len(text) >= min(BODY_WIDTHS) else ():
        body = line.strip()
        if len(body) in BODY_WIDTHS and BODY.fullmatch(body):
            start = position + line.index(body)
            yield start, start + len(body)
        position += len(line)
    if "-----begin" in lower:
        for match in ARMOUR.finditer(text):
            start, end = match.span("secret")
            closing = text.find(ARMOUR_END, start, end)
            yield start, end if closing < 0 else closing


def _prefixed(prefix: str) -> re.Pattern[str]:
    # A prefix that names a host may stand behind a host of its own.
    edge = r"(?<![\w\-])" if "/" not in prefix else ""
    return _compiled(edge + re.escape(prefix) + PREFIXES[prefix])


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
