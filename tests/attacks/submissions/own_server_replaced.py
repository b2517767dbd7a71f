# attack: own
# from: double does not multiply
# expects: a server that answers otherwise can still only answer with values
def double(x):
    # --- attack
    import gc

    for found in gc.get_objects():
        if type(found).__name__ == "Server":
            type(found)._encode = lambda self, value: self._answers["no"]
            found._handles.clear()
    # --- end
    return x
