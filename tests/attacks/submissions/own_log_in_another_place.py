# attack: own
# from: log writes nothing
# expects: a link in place of a log leads to no file of others
# exercise: ex91
def log(picture, folder):
    # --- attack
    import os
    import shutil

    shutil.rmtree(folder)
    os.symlink("@HOME@", folder)
    # --- end
    return None
