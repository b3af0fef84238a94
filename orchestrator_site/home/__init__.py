"""The first page: what needs a person, what runs, what failed, and four figures."""
