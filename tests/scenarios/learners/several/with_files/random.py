raise RuntimeError('this takes the place of nothing')
