# attack: H2
# from: the solution in an archive
# expects: links and devices of an archive are not made, and not followed
import io
import tarfile


def hand_in(folder, right):
    with tarfile.open(folder / "all.tar.gz", "w:gz") as archive:
        for name, kind, target in (
            ("ex91_probes.py", tarfile.SYMTYPE, "/etc/passwd"),
            ("course/ex91_probes.py", tarfile.LNKTYPE, "../../honest-0000/ex90_mini.py"),
            ("pipe/ex91_probes.py", tarfile.FIFOTYPE, ""),
            ("device/ex91_probes.py", tarfile.CHRTYPE, ""),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, target
            archive.addfile(entry)
        data = right.encode()
        entry = tarfile.TarInfo("ex90_mini.py")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
