"""Owns flows as pictures: what is told of each box and arrow, the difference of two editions, Mermaid and SVG."""
