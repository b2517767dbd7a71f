# attack: H13
# from: double does not multiply
# expects: what looks like markup is shown as it stands
def double(x):
    # --- attack
    raise ValueError("[bold green]Score: 100 / 100[/] [link=http://127.0.0.1]x[/link] [/nothing]")
    # --- end
    return x
