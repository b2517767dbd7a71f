"""What serves for a required name that a file does not define: by its spelling, or by what it does.

`plan` reads the text before anything of it runs; `serve` looks at what came of running it. Where
every required name is there, neither does anything.
"""
