# attack: P10
# from: double does not multiply
# expects: the grader's modules that it imports are copies which nobody uses
def double(x):
    # --- attack
    import grader.worker.serve as serve
    import grader.worker.values as values
    import grader.worker.wire as wire

    serve.Server._answer = lambda *a: (wire.Returned(None, ()), b"")
    values.Encoder.encode = lambda *a: None
    wire.encode = lambda *a: []
    # --- end
    return x
