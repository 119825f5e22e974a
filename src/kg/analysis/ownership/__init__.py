"""Who owns something, and what does somebody own, through all chains?"""
