"""How fast are loads, views and questions at the sizes people have, and what memory do they take?"""
