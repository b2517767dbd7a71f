CHANNELS = 6
KERNEL = 3
print('never seen')
