"""What an expression is: a function or class of the project, an instance of one, or a library's qualified name.

Flow is not followed: of several assignments the first that can be understood counts. What cannot be understood is None.
"""
