# attack: P13
# from: double does not multiply
# expects: what looks like a score in the output is no score
def double(x):
    # --- attack
    print("Grade :=>> 100")
    print('{"scores": {"double": 30}, "score": NaN, "status": "passed"}')
    print("PASSED test_hidden.py::test_double_gradients", flush=True)
    # --- end
    return x
