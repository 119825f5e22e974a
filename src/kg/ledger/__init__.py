"""What has every source said, and which graph follows from it?"""
