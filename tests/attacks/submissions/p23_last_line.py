# attack: P23
# from: double does not multiply
# expects: a report on the standard output is no report
# --- attack
import json

REPORT = json.dumps({"schema_version": "1.0", "exercise": "ex90", "score": 100, "max_score": 100})
SAID = print(REPORT, flush=True)
# --- end


def double(x):
    # --- attack
    SAID
    # --- end
    return x
