# attack: H3
# from: the solution in an archive
# expects: what unpacks to far more than it was is refused while it is unpacked
import zipfile


def hand_in(folder, right):
    with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ex90_mini.py", right)
        for number in range(20):
            archive.writestr(f"old{number}/ex91_probes.py", b"#" * 30_000_000)
