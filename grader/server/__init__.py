"""The warm server: keeps a nursery between one `grade` and the next, so that torch is there.

    grade ──socket of this user's──▶ server ──▶ nursery ── fork ─▶ workers
                                        │            └── fork ─▶ zygote (has imported pytest)
                                        └──────────────────────────▶   └── fork ─▶ examiner

The first `grade` starts it, and it ends by itself some minutes after the last. An examiner is
forked for one client and ends with it: the server, the nursery and the zygote never hold a suite,
a solution or a submission. Workers are forked from the nursery, which has imported neither pytest
nor anything of the trusted side. Where there is no server, each `grade` starts a nursery of its
own, and what it finds is the same.

Imports neither torch nor pytest, but for `zygote`.
"""
