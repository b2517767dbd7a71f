# attack: H23
# from: nothing
# expects: a notebook of a hundred megabytes is refused before it is read
def twin(right):
    return right.replace("return 2 * x", "return x")


def hand_in(folder, right):
    with (folder / "ex90_mini.ipynb").open("wb") as file:
        file.truncate(200_000_000)
