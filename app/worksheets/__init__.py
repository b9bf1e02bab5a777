"""Worksheets: made as PDF, written on by hand, photographed or scanned, and marked.

Nothing here knows HTTP or a database: questions and layouts are values, pictures come in as bytes.
"""
