"""SARIF 2.1.0 (OASIS), which code scanning and editors read: what was found, at which line."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from grader.language import Language
from grader.report.export.document import to_document
from grader.report.export.located import Finding, Located
from grader.report.neutralise import for_terminal
from grader.version import VERSION

__all__ = ["to_sarif"]

_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def to_sarif(located: Sequence[Located], language: Language) -> bytes:
    """Write one run with a rule for each check that was not passed.

    What was found of a hidden check is a warning, without details; all else is an error.
    """
    rules: dict[str, str] = {}
    results: list[dict[str, Any]] = []
    for one in located:
        for finding in one.findings(language):
            rule = f"{one.report.exercise}/{finding.rule}"
            rules.setdefault(rule, for_terminal(finding.title))
            results.append(_result(rule, list(rules).index(rule), one, finding))
    driver = {
        "name": "torchgrade",
        "version": VERSION,
        "rules": [{"id": rule, "shortDescription": {"text": text}} for rule, text in rules.items()],
    }
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    return to_document({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(rule: str, index: int, one: Located, finding: Finding) -> dict[str, Any]:
    # Names on disk may be any bytes; a URI spells them out.
    uri = quote(os.fsencode(one.path))
    place = {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": finding.line},
    }
    print_ = hashlib.sha256(f"{uri}\0{rule}".encode()).hexdigest()
    return {
        "ruleId": rule,
        "ruleIndex": index,
        "level": "warning" if finding.is_hidden else "error",
        "message": {"text": for_terminal(finding.message)},
        "locations": [{"physicalLocation": place}],
        # Without the line, so that it stays the same finding when lines move.
        "partialFingerprints": {"checkId/v1": print_},
    }
