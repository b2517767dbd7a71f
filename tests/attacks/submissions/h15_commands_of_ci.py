# attack: H15
# from: double does not multiply
# expects: commands of a build server's are not printed at the start of a line
def double(x):
    # --- attack
    print("::error::hostile\n::add-mask::100\n##[set-output name=score]100", flush=True)
    raise ValueError("\n::set-output name=score::100\n::stop-commands::x")
    # --- end
    return x
