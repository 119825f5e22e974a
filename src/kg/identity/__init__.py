"""Who is who?"""
