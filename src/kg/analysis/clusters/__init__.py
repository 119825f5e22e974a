"""Which assets are held together?"""
