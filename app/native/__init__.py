"""The native clients' TCP protocol; docs/protocol.md describes it to the byte."""
