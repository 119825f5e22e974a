"""What is different from the previous report?"""
