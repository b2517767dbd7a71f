# attack: own
# from: double does not multiply
# expects: limits are not raised again
def double(x):
    # --- attack
    import resource

    for name in dir(resource):
        if name.startswith("RLIMIT_"):
            kind = getattr(resource, name)
            soft, hard = resource.getrlimit(kind)
            for wanted in (resource.RLIM_INFINITY, hard + 1):
                try:
                    resource.setrlimit(kind, (wanted, wanted))
                except (OSError, ValueError, OverflowError):
                    continue
                if hard != resource.RLIM_INFINITY:
                    raise LookupError("LE" + "AK: " + name)
    # --- end
    return x
