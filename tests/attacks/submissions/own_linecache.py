# attack: own
# from: total returns None
# expects: no source of a suite's is in the cache of lines
def total(x):
    # --- attack
    import linecache

    texts = ["".join(entry[2]) for entry in linecache.cache.values() if len(entry) == 4]
    marks = [text for text in texts if "MARK-" + "OF-A" in text or "@check" in text]
    if marks:
        raise LookupError("LE" + "AK: " + marks[0])
    # --- end
    return None
