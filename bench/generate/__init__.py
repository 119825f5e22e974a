"""Which invented data is made, for showing the job and for measuring it?"""
