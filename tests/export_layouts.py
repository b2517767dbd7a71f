"""What each reader accepts, as JSON Schemas after its own specification, and nothing beside it."""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
NATURAL: dict[str, Any] = {"type": "integer", "minimum": 0}
POINTS: dict[str, Any] = {"type": "number", "minimum": 0}
TEXT_OR_NONE: dict[str, Any] = {"type": ["string", "null"]}
FORMAT: dict[str, Any] = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
VISIBILITY: dict[str, Any] = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
THREE: dict[str, Any] = {"enum": ["pass", "fail", "error"]}


def closed(required: str, **properties: dict[str, Any]) -> dict[str, Any]:
    """Describe an object that has these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def listed(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


GRADESCOPE = closed(
    "tests",
    score=POINTS,
    execution_time=NUMBER,
    output=TEXT,
    output_format=FORMAT,
    test_output_format=FORMAT,
    test_name_format=FORMAT,
    visibility=VISIBILITY,
    stdout_visibility=VISIBILITY,
    extra_data={"type": "object"},
    tests=listed(
        closed(
            "name status",
            score=POINTS,
            max_score=POINTS,
            status={"enum": ["passed", "failed"]},
            name=TEXT,
            name_format=FORMAT,
            number=TEXT,
            output=TEXT,
            output_format=FORMAT,
            tags=listed(TEXT),
            visibility=VISIBILITY,
            extra_data={"type": "object"},
        )
    ),
    leaderboard=listed({"type": "object"}),
)

CLASSROOM = closed(
    "version status max_score tests",
    version={"const": 1},
    status=THREE,
    max_score=POINTS,
    tests={
        **listed(
            closed(
                "name status message score",
                name=TEXT,
                status=THREE,
                message=TEXT,
                test_code=TEXT,
                filename=TEXT,
                line_no=NATURAL,
                duration=NUMBER,
                score=POINTS,
                max_score=POINTS,
            )
        ),
        "minItems": 1,
    },
)

CLASSROOM50 = closed(
    "schema classroom assignment submission commit release review datetime score max-score tests",
    schema={"const": "classroom50/result/v1"},
    classroom={**TEXT, "minLength": 1},
    assignment={**TEXT, "minLength": 1},
    submission={**TEXT, "pattern": "^submit/"},
    commit={**TEXT, "minLength": 1},
    release={**TEXT, "minLength": 1},
    review={**TEXT, "minLength": 1},
    datetime={**TEXT, "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    tests=listed(
        {
            "type": "object",
            "properties": {
                "test-name": {**TEXT, "minLength": 1},
                "passed": {"type": "boolean"},
                "score": NATURAL,
                "max-score": NATURAL,
            },
            "required": ["test-name", "passed", "score", "max-score"],
        }
    ),
    **{"score": NATURAL, "max-score": NATURAL},
)

EXERCISM = {
    **closed(
        "version status tests",
        version={"const": 3},
        status=THREE,
        message=TEXT_OR_NONE,
        tests=listed(
            closed(
                "name status",
                name=TEXT,
                status=THREE,
                message=TEXT_OR_NONE,
                output={**TEXT, "maxLength": 500},
                test_code=TEXT,
                task_id={"type": "integer", "minimum": 1},
            )
        ),
    ),
    "if": {"properties": {"status": {"const": "error"}}},
    "then": {"properties": {"message": {**TEXT, "minLength": 1}}, "required": ["message"]},
    "else": {"properties": {"message": {"type": "null"}}},
}

PRAIRIELEARN = {
    **closed(
        "gradable",
        gradable={"type": "boolean"},
        score={"type": "number", "minimum": 0, "maximum": 1},
        message=TEXT,
        output=TEXT,
        images=listed({"type": "object"}),
        format_errors=listed(TEXT),
        tests=listed(
            closed(
                "name",
                name=TEXT,
                description=TEXT,
                points=POINTS,
                max_points=POINTS,
                message=TEXT,
                output=TEXT,
                images=listed({"type": "object"}),
            )
        ),
    ),
    "if": {"properties": {"gradable": {"const": True}}},
    "then": {"required": ["score"]},
}

CHECK50 = {
    **closed(
        "slug version",
        slug=TEXT,
        version=TEXT,
        results=listed(
            closed(
                "name description passed log cause data dependency",
                name=TEXT,
                description=TEXT,
                passed={"type": ["boolean", "null"]},
                log=listed(TEXT),
                cause={
                    "oneOf": [
                        {"type": "null"},
                        closed("rationale help", rationale=TEXT, help=TEXT_OR_NONE),
                    ]
                },
                data={"type": "object"},
                dependency=TEXT_OR_NONE,
            )
        ),
        error=closed(
            "type value traceback data",
            type=TEXT,
            value=TEXT,
            traceback=listed(TEXT),
            data={"type": "object"},
        ),
    ),
    "oneOf": [{"required": ["results"]}, {"required": ["error"]}],
}

CODEQUALITY = listed(
    closed(
        "description check_name fingerprint severity location",
        description=TEXT,
        check_name=TEXT,
        fingerprint=TEXT,
        severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
        location=closed(
            "path lines",
            path={**TEXT, "pattern": "^(?!\\./)."},
            lines=closed("begin", begin={"type": "integer", "minimum": 1}),
        ),
    )
)

LAYOUTS: dict[str, dict[str, Any]] = {
    "gradescope": GRADESCOPE,
    "classroom": CLASSROOM,
    "classroom50": CLASSROOM50,
    "exercism": EXERCISM,
    "prairielearn": PRAIRIELEARN,
    "check50": CHECK50,
    "codequality": CODEQUALITY,
}
